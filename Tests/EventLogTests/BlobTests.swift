import EventLog
import RelayProtocol
import SQLite
import TestSupport
import Testing

@Suite(.ownThread) struct BlobTests {
    let test: TestLog
    init() throws { test = try TestLog() }

    func blob(_ topic: String, _ hash: String, _ count: Int, mime: String? = nil) throws -> Blob {
        Blob(topic: try name(topic), hash: hash, mime: mime, bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 * 31 + 7) })
    }

    func stored(_ topic: String, _ hash: String) throws -> Blob? {
        let name = try name(topic)
        return try test.read { try $0.blob(name, hash) }.map { Blob(topic: name, hash: hash, mime: $0.mime, bytes: $0.bytes) }
    }

    @Test(arguments: [0, 1, 256 << 10, (256 << 10) + 1, 3_000_000]) func `gives back what it was given`(count: Int) throws {
        let blob = try blob("ses_1", "sha256-a", count, mime: "text/plain")
        try test.append("ses_1", ["1"], blobs: [blob])
        let found = try #require(try stored("ses_1", "sha256-a"))
        #expect(found.bytes == blob.bytes && found.mime == "text/plain")
        #expect(try stored("ses_2", "sha256-a") == nil)
        #expect(try stored("ses_1", "sha256-b") == nil)
    }

    @Test func `keeps one of a hash for each topic`() throws {
        for _ in 1...2 {
            try test.append("ses_1", ["1"], blobs: [try blob("ses_1", "sha256-a", 10), try blob("ses_1", "sha256-a", 10)])
            try test.append("ses_2", ["1"], blobs: [try blob("ses_2", "sha256-a", 10)])
        }
        // What was stored twice goes between commits; this commit is after it.
        for _ in 1...2 { try test.append("ses_1", ["1"]) }
        #expect(try test.number("SELECT count(*) FROM blobs") == 2)
        #expect(try test.number("SELECT count(*) FROM blob_pieces") == 2)
    }

    @Test func `reaches nothing of an event that was not committed`() throws {
        #expect(throws: LogError.self) { try test.append("ses_1", [#""boom""#], blobs: [try blob("ses_1", "sha256-a", 10)]) }
        #expect(try stored("ses_1", "sha256-a") == nil)
        for _ in 1...2 { try test.append("ses_1", ["1"]) }
        #expect(try test.number("SELECT count(*) FROM blob_pieces") == 0)
        try test.append("ses_1", ["1"], blobs: [try blob("ses_1", "sha256-a", 10)])
        #expect(try stored("ses_1", "sha256-a") != nil)
    }

    @Test func `removes at a start what a kill left without its event`() throws {
        try test.append("ses_1", ["1"], blobs: [try blob("ses_1", "sha256-a", 600_000)])
        test.close()
        do {
            let database = try Connection(path: test.folder.database, mode: .readWrite)
            try database.execute("INSERT INTO blobs (id, topic, hash, bytes) VALUES (77, 0, 'sha256-o', 5000000)")
            try database.execute(
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 39) INSERT INTO blob_pieces SELECT (77 << 20) + i, x'00' FROM n"
            )
        }
        try test.reopen()
        for _ in 1...6 { try test.append("ses_1", ["1"]) }
        #expect(try test.number("SELECT count(*) FROM blobs") == 1)
        #expect(try test.number("SELECT count(*) FROM blob_pieces") == 3)
        #expect(try stored("ses_1", "sha256-a")?.bytes.count == 600_000)
    }
}
