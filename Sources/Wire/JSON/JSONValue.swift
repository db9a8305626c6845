// A value in a scanned document: the document's bytes and tape, shared, and an index. Copying one copies two references.

/// One value of a scanned JSON document. Reading is lazy: `raw` is free, `string` decodes.
public struct JSONValue: Sendable {
    let bytes: [UInt8]
    let nodes: [JSONNode]
    let index: Int

    public var kind: JSONKind { nodes[index].kind }
    /// Where this value stands in the document's bytes.
    public var range: Range<Int> { Int(nodes[index].start)..<Int(nodes[index].end) }
    /// The bytes of this value, as they came.
    public var raw: ArraySlice<UInt8> { bytes[range] }

    public var isNull: Bool { kind == .null }
    public var isObject: Bool { kind == .object }
    public var isArray: Bool { kind == .array }
    public var isString: Bool { kind == .string }

    /// The bytes between a string's quotes, escapes kept.
    public var rawText: ArraySlice<UInt8>? {
        guard kind == .string else { return nil }
        return bytes[range.lowerBound + 1..<range.upperBound - 1]
    }

    /// A string, decoded. A lone surrogate becomes U+FFFD: what must survive byte for byte is carried as `raw`.
    public var string: String? {
        guard let text = rawText else { return nil }
        return nodes[index].hasEscapes ? JSONText.decoded(text) : String(decoding: text, as: UTF8.self)
    }

    /// True for a string that says exactly `word`, however it is escaped. Without escapes no allocation.
    public func says(_ word: StaticString) -> Bool { kind == .string && says(index, word) }

    /// The string at this node says exactly `word`: compared where it lies, because a frame is asked this some thirty times.
    private func says(_ node: Int, _ word: StaticString) -> Bool {
        if nodes[node].hasEscapes { return saysEscaped(node, word) }
        let start = Int(nodes[node].start) + 1
        guard Int(nodes[node].end) - 1 - start == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { letters in
            // SAFETY: the buffer of a static string, read within the call and within its count
            for place in letters.indices where unsafe letters[place] != bytes[start + place] { return false }
            return true
        }
    }

    public var bool: Bool? { kind == .true ? true : kind == .false ? false : nil }

    /// A number that is an integer and fits (`1e3` and `1.0` are integers too).
    public var int: Int? {
        guard kind == .number else { return nil }
        let text = String(decoding: raw, as: UTF8.self)
        if let value = Int(text) { return value }
        guard let value = Double(text) else { return nil }
        return Int(exactly: value)
    }

    public var double: Double? { kind == .number ? Double(String(decoding: raw, as: UTF8.self)) : nil }

    /// The member of an object; of names that stand twice the last, as JavaScript reads it. `null` counts as absent: see `member`.
    public subscript(_ name: StaticString) -> JSONValue? {
        guard let found = member(name), !found.isNull else { return nil }
        return found
    }

    /// As the subscript, but a `null` is given as it is.
    public func member(_ name: StaticString) -> JSONValue? {
        guard kind == .object else { return nil }
        var found: Int?
        var at = index + 1
        let end = Int(nodes[index].next)
        while at < end {
            if says(at, name) { found = at + 1 }
            at = Int(nodes[at + 1].next)
        }
        return found.map { JSONValue(bytes: bytes, nodes: nodes, index: $0) }
    }

    /// The member under a name that is known only at run time.
    public func member(named name: String) -> JSONValue? {
        guard kind == .object else { return nil }
        var found: JSONValue?
        forEachMember { key, value in if let text = key.string, text.utf8.elementsEqual(name.utf8) { found = value } }
        return found
    }

    /// Byte by byte: Swift's strings are equal when they look the same.
    private func saysEscaped(_ node: Int, _ word: StaticString) -> Bool {
        JSONValue(bytes: bytes, nodes: nodes, index: node).string?.utf8.elementsEqual(word.description.utf8) == true
    }

    public func forEachMember(_ body: (_ key: JSONValue, _ value: JSONValue) -> Void) {
        guard kind == .object else { return }
        var at = index + 1
        let end = Int(nodes[index].next)
        while at < end {
            let value = JSONValue(bytes: bytes, nodes: nodes, index: at + 1)
            body(JSONValue(bytes: bytes, nodes: nodes, index: at), value)
            at = Int(nodes[at + 1].next)
        }
    }

    /// An object's members in their order.
    public var members: [(key: String, value: JSONValue)] {
        var all: [(key: String, value: JSONValue)] = []
        forEachMember { key, value in all.append((key.string ?? "", value)) }
        return all
    }

    /// An array's items; of anything else none.
    public var items: [JSONValue] {
        guard kind == .array else { return [] }
        var all: [JSONValue] = []
        var at = index + 1
        let end = Int(nodes[index].next)
        while at < end {
            all.append(JSONValue(bytes: bytes, nodes: nodes, index: at))
            at = Int(nodes[at].next)
        }
        return all
    }

    /// A document of its own, so that the large one around it can go.
    public func copied() -> JSONValue {
        let shift = nodes[index].start
        let last = Int(nodes[index].next)
        let moved = nodes[index..<last].map { node in
            JSONNode(
                kind: node.kind, hasEscapes: node.hasEscapes, start: node.start - shift, end: node.end - shift,
                next: node.next - Int32(index))
        }
        return JSONValue(bytes: Array(raw), nodes: moved, index: 0)
    }
}
