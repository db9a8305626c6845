// The fields of a message in the order they came (RFC 9110, 5). Names compare without regard to ASCII case and keep
// their spelling. Values that came as bytes beyond ASCII are read as UTF-8, else as Latin-1.

public struct HTTPHeaders: Sendable, Equatable {
    struct Field: Sendable, Equatable {
        var name: String
        var value: String
    }

    var fields: [Field] = []

    public init() {}

    public init(_ pairs: [(String, String)]) {
        fields = pairs.map { Field(name: $0.0, value: $0.1) }
    }

    public var count: Int { fields.count }
    public var isEmpty: Bool { fields.isEmpty }

    /// The first value of that name. Setting replaces all of them; nil removes them.
    public subscript(_ name: String) -> String? {
        get {
            for field in fields where equalIgnoringASCIICase(field.name, name) { return field.value }
            return nil
        }
        set { if let newValue { set(name, newValue) } else { remove(name) } }
    }

    /// All values of that name, in order.
    public func all(_ name: String) -> [String] {
        fields.lazy.filter { equalIgnoringASCIICase($0.name, name) }.map(\.value)
    }

    /// How many fields have that name.
    func count(of name: String) -> Int {
        var count = 0
        for field in fields where equalIgnoringASCIICase(field.name, name) { count += 1 }
        return count
    }

    public mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    public mutating func set(_ name: String, _ value: String) {
        remove(name)
        add(name, value)
    }

    public mutating func remove(_ name: String) {
        fields.removeAll { equalIgnoringASCIICase($0.name, name) }
    }

    /// The members of a comma-separated list field, over all its lines, without white space and empty members.
    public func list(_ name: String) -> [String] {
        all(name).flatMap { value in
            value.utf8.split(separator: UInt8(ascii: ",")).compactMap { member in
                let trimmed = member.trimmingOptionalWhitespace()
                return trimmed.isEmpty ? nil : String(Substring(trimmed))
            }
        }
    }

    /// Whether a list field has that member, without regard to case.
    public func list(_ name: String, contains member: String) -> Bool {
        self[name] != nil && list(name).contains { equalIgnoringASCIICase($0, member) }
    }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements)
    }
}

extension HTTPHeaders: Sequence {
    public func makeIterator() -> AnyIterator<(name: String, value: String)> {
        var remaining = fields.makeIterator()
        return AnyIterator { remaining.next().map { ($0.name, $0.value) } }
    }
}
