// Lines into rows: consecutive lines of one topic share a row up to 128 KiB; a larger one has a row alone.

import RelayProtocol
import SQLite

struct RowWriter {
    let database: Connection

    /// Writes the lines of the topic's burst that no row holds yet.
    func store(_ topic: inout StoredTopic) throws {
        var line = topic.burst.stored
        while line < topic.burst.ends.count {
            let from = start(of: line, topic.burst)
            var past = line + 1
            while past < topic.burst.ends.count, Int(topic.burst.ends[past]) - from <= Schema.rowBytes { past += 1 }
            try insert(topic, lines: line..<past, from: from)
            line = past
        }
        topic.burst.stored = line
    }

    private func start(of line: Int, _ burst: LineBurst) -> Int { line == 0 ? 0 : Int(burst.ends[line - 1]) }

    private func insert(_ topic: StoredTopic, lines: Range<Int>, from: Int) throws {
        let burst = topic.burst
        let row = try database.statement("INSERT INTO rows (key, last, events, ts, lines) VALUES (?, ?, ?, ?, ?)")
        row.bind(1, Schema.key(topic.number, burst.offsets[lines.lowerBound]))
        row.bind(2, Int64(burst.offsets[lines.upperBound - 1]))
        row.bind(3, lines.count)
        row.bind(4, topic.timestamp)
        row.bind(5, from == 0 && lines.upperBound == burst.ends.count ? burst.bytes : Array(burst.bytes[from..<Int(burst.ends[lines.upperBound - 1])]))
        try row.run()
    }
}
