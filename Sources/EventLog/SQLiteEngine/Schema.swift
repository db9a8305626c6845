// The tables of the log. What stands here cannot be changed later: positions and lines are out in the world.
//
// A row of `rows` holds the consecutive events of one topic in one commit, as the very lines that go on the wire. Its key is the topic's
// number and the first offset, so a topic is a range of the table's own tree: no second index, and replay is copying bytes. A topic's head
// is its last row's: an append writes no other table, which is one page less in every commit.

enum Schema {
    static let version = 2
    /// "RPRS": a file that says something else is not ours.
    static let applicationID = 0x5250_5253
    static let pageSize = 4096

    private static let offsetBits = 40

    /// The key of the row that begins with this offset.
    static func key(_ topic: Int64, _ offset: UInt64) -> Int64 { topic << offsetBits | Int64(offset) }
    /// The offset with which a row begins.
    static func offset(ofKey key: Int64) -> UInt64 { UInt64(key & (1 << offsetBits - 1)) }
    /// All keys of a topic are from `first` up to `end`, which is not one of them.
    static func keys(of topic: Int64) -> (first: Int64, end: Int64) { (key(topic, 0), key(topic + 1, 0)) }

    static let tables = [
        // `starts`: the number of the last start that wrote an epoch. `rebuilding`: a rebuild has begun and has not ended.
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
        // Numbers are never used twice. `head` and `ts` count only where no row is left to say them.
        """
        CREATE TABLE topics (
            number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, removed_through INTEGER NOT NULL DEFAULT 0,
            head INTEGER NOT NULL DEFAULT 0, ts INTEGER NOT NULL DEFAULT 0)
        """,
        // An epoch ends where the next one of its topic begins.
        """
        CREATE TABLE epochs (
            topic INTEGER NOT NULL, first INTEGER NOT NULL, start INTEGER NOT NULL, random INTEGER NOT NULL,
            PRIMARY KEY (topic, first)) WITHOUT ROWID
        """,
        "CREATE TABLE rows (key INTEGER PRIMARY KEY, last INTEGER NOT NULL, ts INTEGER NOT NULL, lines BLOB NOT NULL)",
        "CREATE TABLE records (topic INTEGER PRIMARY KEY, bytes BLOB NOT NULL)",
        // Topic 0: written, but the commit that makes it reachable has not come, or nothing needs it any more: the next start removes it.
        // `last_offset`: no event behind it needs the blob.
        """
        CREATE TABLE blobs (
            id INTEGER PRIMARY KEY, topic INTEGER NOT NULL, hash TEXT NOT NULL, mime TEXT, bytes INTEGER NOT NULL,
            last_offset INTEGER NOT NULL DEFAULT 0)
        """,
        "CREATE INDEX blobs_by_hash ON blobs (topic, hash)",
        "CREATE INDEX blobs_by_use ON blobs (topic, last_offset)",
        // The key is the blob's id and the piece's number.
        "CREATE TABLE blob_pieces (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL)",
        """
        CREATE TABLE idempotency (
            topic INTEGER NOT NULL, key TEXT NOT NULL, hash BLOB NOT NULL, start INTEGER NOT NULL, random INTEGER NOT NULL,
            first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL, ts INTEGER NOT NULL, PRIMARY KEY (topic, key)) WITHOUT ROWID
        """,
        "CREATE INDEX idempotency_by_time ON idempotency (ts)",
        // Topics whose rows are being removed in slices; their names are free already.
        "CREATE TABLE doomed (topic INTEGER PRIMARY KEY)",
        "INSERT INTO meta VALUES ('starts', 0), ('rebuilding', 0)",
    ]

    /// From each version to the next.
    static let migrations: [(from: Int, statements: [String])] = [
        (
            1,
            [
                "ALTER TABLE blobs ADD COLUMN last_offset INTEGER NOT NULL DEFAULT 0",
                // Which events need a blob was not kept: any that is there now may.
                """
                UPDATE blobs SET last_offset = coalesce((SELECT max(topics.head, coalesce((
                    SELECT rows.last FROM rows WHERE key >= number << 40 AND key < (number + 1) << 40 ORDER BY key DESC LIMIT 1), 0))
                    FROM topics WHERE number = blobs.topic), 0)
                """,
                "CREATE INDEX blobs_by_use ON blobs (topic, last_offset)",
            ]
        )
    ]
}
