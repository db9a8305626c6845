// A part as its row has it: the object as it was last said, and what deltas appended since.

import RelayProtocol
import SQLite
import Wire

struct PartRow: Sendable {
    /// As it was last said, and what deltas up to `through` appended.
    var part: FoldedPart
    var through: UInt64
}

extension PartRow {
    init(columns: Statement) throws {
        part = FoldedPart(id: columns.text(0), object: try JSON.parse(columns.blob(1), depth: Limits.lineDepth))
        part.text = columns.blob(2)
        part.raw = columns.blob(3)
        part.output = columns.blob(4)
        through = UInt64(columns.int(5))
    }

    /// What it weighs in a page.
    var bytes: Int { part.object.range.count + part.text.count + part.raw.count + part.output.count }
}
