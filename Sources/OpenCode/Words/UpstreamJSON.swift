// The JSON of an answer or a frame, as our lines can bear it: on one line, and nested no deeper than a line may be. What is deeper (a tool's
// input is free) is left out as `null`, so that one value that nobody can show does not keep the rest from being read.

import RelayProtocol
import Wire

public enum UpstreamJSON {
    /// Deeper than this nothing is looked at.
    private static let deepest = 512

    /// Nil for what is no JSON.
    public static func parse(_ body: [UInt8]) -> JSONValue? {
        let line = JSON.onOneLine(body)
        if let value = try? JSON.parse(line, depth: Limits.depth) { return value }
        guard let deep = try? JSON.parse(line, depth: deepest) else { return nil }
        var writer = JSONWriter(capacity: line.count)
        copy(deep, levels: Limits.depth, to: &writer)
        return try? JSON.parse(writer.bytes, depth: Limits.depth)
    }

    private static func copy(_ value: JSONValue, levels: Int, to writer: inout JSONWriter) {
        switch value.kind {
        case .object where levels > 0:
            writer.object { writer in
                value.forEachMember { key, member in
                    writer.key(raw: key.raw)
                    copy(member, levels: levels - 1, to: &writer)
                }
            }
        case .array where levels > 0: writer.array { writer in for item in value.items { copy(item, levels: levels - 1, to: &writer) } }
        case .object, .array: writer.raw(Array("null".utf8))
        case .string, .number, .true, .false, .null: writer.raw(value.raw)
        }
    }
}
