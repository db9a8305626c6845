// JSON written straight into bytes, commas by itself. It does not check nesting: a writer that closes what it did not open is a
// programmer's error, and the tests of its callers parse what came out.

/// Appends one JSON value to bytes. Fields are put in the order of the calls; what is nil is left out (absent, never null).
public struct JSONWriter {
    @usableFromInline var output: [UInt8]
    @usableFromInline var needsComma = false

    public init(capacity: Int = 256) {
        output = []
        output.reserveCapacity(capacity)
    }

    public var bytes: [UInt8] { output }

    /// Writes one object by `body` and gives its bytes.
    public static func object(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object(body)
        return writer.output
    }

    @usableFromInline
    mutating func separate() {
        if needsComma { output.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// An object as the value that is due (an item, a member after `key`, or the document).
    public mutating func object(_ body: (inout JSONWriter) -> Void) {
        separate()
        output.append(UInt8(ascii: "{"))
        needsComma = false
        body(&self)
        output.append(UInt8(ascii: "}"))
        needsComma = true
    }

    public mutating func array(_ body: (inout JSONWriter) -> Void) {
        separate()
        output.append(UInt8(ascii: "["))
        needsComma = false
        body(&self)
        output.append(UInt8(ascii: "]"))
        needsComma = true
    }

    public mutating func key(_ name: StaticString) {
        separate()
        output.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { unsafe output.append(contentsOf: $0) }  // SAFETY: the buffer of a static string, read within the call
        output.append(UInt8(ascii: "\""))
        output.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func key(named name: String) {
        separate()
        JSONText.append(name, to: &output)
        output.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A name as JSON has it, with its quotes.
    @inlinable
    public mutating func key(raw name: some Collection<UInt8>) {
        separate()
        output.append(contentsOf: name)
        output.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func string(_ value: String) {
        separate()
        JSONText.append(value, to: &output)
    }

    public mutating func int(_ value: Int) {
        separate()
        output.append(decimal: value)
    }

    public mutating func bool(_ value: Bool) {
        separate()
        output.append(copying: (value ? "true" : "false").utf8.span)
    }

    /// A value that is JSON already, copied.
    @inlinable
    public mutating func raw(_ value: some Collection<UInt8>) {
        separate()
        output.append(contentsOf: value)
    }

    /// A string whose inner bytes are escaped already.
    @inlinable
    public mutating func rawText(_ inner: some Collection<UInt8>) {
        separate()
        output.append(UInt8(ascii: "\""))
        output.append(contentsOf: inner)
        output.append(UInt8(ascii: "\""))
    }

    // Members in one call.

    public mutating func member(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    public mutating func member(_ name: StaticString, _ value: Int?) {
        guard let value else { return }
        key(name)
        int(value)
    }

    public mutating func member(_ name: StaticString, _ value: Bool?) {
        guard let value else { return }
        key(name)
        bool(value)
    }

    /// A value of a scanned document, as it came.
    public mutating func member(_ name: StaticString, _ value: JSONValue?) {
        guard let value else { return }
        key(name)
        raw(value.raw)
    }

    @inlinable
    public mutating func member(_ name: StaticString, raw value: (some Collection<UInt8>)?) {
        guard let value else { return }
        key(name)
        raw(value)
    }

    @inlinable
    public mutating func member(_ name: StaticString, rawText inner: (some Collection<UInt8>)?) {
        guard let inner else { return }
        key(name)
        rawText(inner)
    }

    public mutating func member(_ name: StaticString, strings values: [String]?) {
        guard let values else { return }
        key(name)
        array { writer in for value in values { writer.string(value) } }
    }
}
