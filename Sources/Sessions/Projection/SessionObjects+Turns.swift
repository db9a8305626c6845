// Turns: the payload as it was last said, by number, and which messages it took up.

import RelayProtocol
import SQLite
import Wire

extension SessionObjects {
    func put(_ turn: Turn, payload: [UInt8]) throws {
        let put = try database.statement(
            """
            INSERT INTO turns (topic, number, state, payload) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (topic, number) DO UPDATE SET state = ?3, payload = ?4
            """)
        put.bind(1, topic)
        put.bind(2, turn.number)
        put.bind(3, turn.state.rawValue)
        put.bind(4, payload)
        try put.run()
        for message in turn.prompts {
            let prompt = try database.statement("INSERT OR IGNORE INTO prompts (topic, message, turn) VALUES (?1, ?2, ?3)")
            prompt.bind(1, topic)
            prompt.bind(2, message)
            prompt.bind(3, turn.number)
            try prompt.run()
        }
    }

    /// Payloads of `turn` events, by number.
    func allTurns() throws -> [[UInt8]] {
        let rows = try database.statement("SELECT payload FROM turns WHERE topic = ?1 ORDER BY number")
        rows.bind(1, topic)
        return try rows.all { $0.blob(0) }
    }

    func turn(_ number: Int) throws -> [UInt8]? {
        let row = try database.statement("SELECT payload FROM turns WHERE topic = ?1 AND number = ?2")
        row.bind(1, topic)
        row.bind(2, number)
        return try row.first { $0.blob(0) }
    }

    func newestTurn() throws -> (number: Int, state: String, payload: [UInt8])? {
        let row = try database.statement("SELECT number, state, payload FROM turns WHERE topic = ?1 ORDER BY number DESC LIMIT 1")
        row.bind(1, topic)
        return try row.first { (Int($0.int(0)), $0.text(1), $0.blob(2)) }
    }

    /// The turns that took up a message.
    func turns(ofPrompt message: String) throws -> [Int] {
        let rows = try database.statement("SELECT turn FROM prompts WHERE topic = ?1 AND message = ?2 ORDER BY turn")
        rows.bind(1, topic)
        rows.bind(2, message)
        return try rows.all { Int($0.int(0)) }
    }

    /// The turn that runs now.
    func openTurn() throws -> Turn? {
        guard let newest = try newestTurn(), let payload = try? JSON.parse(newest.payload, depth: Limits.lineDepth),
            let turn = Turn(payload: payload)
        else { return nil }
        return turn.isOpen ? turn : nil
    }
}
