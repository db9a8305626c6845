// HMAC with SHA-256 (RFC 2104).

public struct HMACSHA256: Sendable {
    private var inner = SHA256()
    private let outerKey: [UInt8]

    public init(key: [UInt8]) {
        var block = key.count > 64 ? SHA256.hash(key) : key
        block.append(contentsOf: repeatElement(0, count: 64 - block.count))
        inner.update(block.map { $0 ^ 0x36 })
        outerKey = block.map { $0 ^ 0x5C }
    }

    public mutating func update(_ bytes: Span<UInt8>) { inner.update(bytes) }
    public mutating func update(_ bytes: [UInt8]) { inner.update(bytes) }

    /// The thirty-two bytes of the code. The value is of no further use.
    public mutating func finalize() -> [UInt8] {
        SHA256.hash(outerKey + inner.finalize())
    }

    public static func code(for bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        var hmac = HMACSHA256(key: key)
        hmac.update(bytes)
        return hmac.finalize()
    }
}
