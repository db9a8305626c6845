// What is carried whole because nobody knows its type: a copy on one line, without what may never be kept, however deep that stands.

import Wire

/// What becomes of a member of an object that is carried.
enum CarriedMember {
    case kept, dropped
    /// By this JSON.
    case replaced([UInt8])
}

extension JSONValue {
    /// A copy on one line; `judge` is asked about the members of every object in it.
    func carried(_ judge: (_ key: JSONValue, _ value: JSONValue) -> CarriedMember) -> [UInt8] {
        var writer = JSONWriter(capacity: raw.count)
        carry(to: &writer, judge)
        return writer.bytes
    }

    private func carry(to writer: inout JSONWriter, _ judge: (JSONValue, JSONValue) -> CarriedMember) {
        switch kind {
        case .object: writer.object { writer in forEachMember { $1.carry(under: $0, to: &writer, judge) } }
        case .array: writer.array { writer in for item in items { item.carry(to: &writer, judge) } }
        case .string, .number, .true, .false, .null: writer.raw(raw)
        }
    }

    private func carry(under key: JSONValue, to writer: inout JSONWriter, _ judge: (JSONValue, JSONValue) -> CarriedMember) {
        switch judge(key, self) {
        case .dropped: return
        case .kept:
            writer.key(raw: key.raw)
            carry(to: &writer, judge)
        case .replaced(let other):
            writer.key(raw: key.raw)
            writer.raw(other)
        }
    }
}
