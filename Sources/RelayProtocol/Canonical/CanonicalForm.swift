// The canonical form of JSON: RFC 8785 over what JavaScript reads. Two states that say the same have the same bytes, whatever wrote them: a
// page that folds strings and a relay that folds bytes agree. It goes further than the RFC where JavaScript does: a lone surrogate is
// written `\udXXX` (as JSON.stringify does), a number beyond the doubles as `null`, of names that stand twice the last one counts.

import Wire

public enum CanonicalForm {
    /// The canonical form of one JSON value.
    public static func bytes(_ value: JSONValue) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.range.count)
        append(value, to: &bytes)
        return bytes
    }

    /// SHA-256 of a canonical form, 64 hex digits.
    public static func digest(_ canonical: [UInt8]) -> String { Hex.encode(SHA256.hash(canonical)) }

    private static func append(_ value: JSONValue, to bytes: inout [UInt8]) {
        switch value.kind {
        case .object: appendObject(value, to: &bytes)
        case .array: appendArray(value, to: &bytes)
        case .string: CanonicalText.append(value.rawText ?? [], to: &bytes)
        case .number: bytes.append(contentsOf: (value.double.flatMap(ECMAScriptNumber.text) ?? "null").utf8)
        case .true, .false, .null: bytes.append(contentsOf: value.raw)
        }
    }

    private static func appendArray(_ value: JSONValue, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (index, item) in value.items.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(item, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private static func appendObject(_ value: JSONValue, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        for (index, member) in sortedMembers(value).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            CanonicalText.append(member.key.rawText ?? [], to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            append(member.value, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private typealias Member = (name: [UInt16], place: Int, key: JSONValue, value: JSONValue)

    /// By name as UTF-16 units; each name once, with its last value.
    private static func sortedMembers(_ value: JSONValue) -> [Member] {
        var members: [Member] = []
        value.forEachMember { key, value in members.append((JSONText.utf16(key.rawText ?? []), members.count, key, value)) }
        members.sort { $0.name == $1.name ? $0.place < $1.place : $0.name.lexicographicallyPrecedes($1.name) }
        return members.enumerated().filter { place, member in
            place == members.count - 1 || members[place + 1].name != member.name
        }.map(\.element)
    }
}
