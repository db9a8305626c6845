// The tables of the projection. All of them but `commands` follow from the log and can be made again from it; none is known to any other
// target. Objects are kept as the JSON that was said. Topics stand by their number in the log, which is never used twice.

import SQLite

enum SessionTables {
    static let derivedNames = ["sessions", "messages", "parts", "turns", "prompts", "cards"]

    static let derived = [
        """
        CREATE TABLE IF NOT EXISTS sessions (
            topic INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            upstream TEXT NOT NULL,
            by TEXT,
            object BLOB,
            title TEXT,
            directory TEXT,
            parent TEXT,
            status BLOB,
            removed INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            archived INTEGER,
            permissions INTEGER NOT NULL,
            questions INTEGER NOT NULL,
            last TEXT,
            tasks BLOB,
            queue BLOB,
            error BLOB,
            entry BLOB,
            applied_through INTEGER NOT NULL,
            deltas_through INTEGER NOT NULL
        )
        """,
        "CREATE INDEX IF NOT EXISTS sessions_by_activity ON sessions(updated DESC, id) WHERE entry IS NOT NULL",
        "CREATE INDEX IF NOT EXISTS sessions_by_parent ON sessions(parent) WHERE parent IS NOT NULL",
        """
        CREATE TABLE IF NOT EXISTS messages (
            key INTEGER PRIMARY KEY,
            topic INTEGER NOT NULL,
            id TEXT NOT NULL,
            created INTEGER NOT NULL,
            part_order BLOB,
            object BLOB NOT NULL,
            UNIQUE (topic, id)
        )
        """,
        "CREATE INDEX IF NOT EXISTS messages_in_order ON messages(topic, created, id)",
        // `first` is the offset of the part's first event, `text`, `raw` and `output` what deltas up to `through` appended to the object's.
        """
        CREATE TABLE IF NOT EXISTS parts (
            key INTEGER PRIMARY KEY,
            topic INTEGER NOT NULL,
            id TEXT NOT NULL,
            message INTEGER NOT NULL,
            first INTEGER NOT NULL,
            object BLOB NOT NULL,
            text BLOB,
            raw BLOB,
            output BLOB,
            through INTEGER NOT NULL,
            UNIQUE (topic, id)
        )
        """,
        "CREATE INDEX IF NOT EXISTS parts_of_message ON parts(message, first)",
        """
        CREATE TABLE IF NOT EXISTS turns (
            topic INTEGER NOT NULL, number INTEGER NOT NULL, state TEXT NOT NULL, payload BLOB NOT NULL, PRIMARY KEY (topic, number)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE IF NOT EXISTS prompts (
            topic INTEGER NOT NULL, message TEXT NOT NULL, turn INTEGER NOT NULL, PRIMARY KEY (topic, message, turn)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE IF NOT EXISTS cards (
            topic INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, asked INTEGER NOT NULL, object BLOB NOT NULL,
            PRIMARY KEY (topic, kind, id)
        ) WITHOUT ROWID
        """,
    ]

    static let commands = [
        """
        CREATE TABLE IF NOT EXISTS commands (
            session TEXT NOT NULL,
            by TEXT NOT NULL,
            id TEXT NOT NULL,
            upstream TEXT NOT NULL,
            kind TEXT NOT NULL,
            target TEXT,
            hash BLOB NOT NULL,
            state TEXT NOT NULL,
            identifiers BLOB NOT NULL,
            checkpoint BLOB,
            request BLOB,
            result BLOB,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            PRIMARY KEY (session, by, id)
        )
        """,
        // Each of them ends in the rowid: the order in which commands were accepted.
        "CREATE INDEX IF NOT EXISTS commands_undecided ON commands(state) WHERE state IN ('accepted', 'sent')",
        "CREATE INDEX IF NOT EXISTS commands_by_kind ON commands(session, kind)",
        "DROP INDEX IF EXISTS commands_of_session",
        "CREATE INDEX IF NOT EXISTS commands_by_target ON commands(target) WHERE target IS NOT NULL",
    ]
}
