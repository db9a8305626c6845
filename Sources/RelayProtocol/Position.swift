// Where a subscriber stands in a topic: an epoch and an offset, written as one string of fixed width that is compared byte by byte.

/// A position: every event's address, what a client stores, the `id:` of an SSE event, the `after=` of every read.
public struct Position: Sendable, Hashable, Comparable {
    public let epoch: Epoch
    /// 1 for a topic's first event; rises strictly, may have holes.
    public let offset: UInt64

    /// `0007-r7k2m-0000000039`: 4 digits base 36, 5 digits base 36, 10 digits decimal.
    public static let textBytes = 21
    public static let offsetLimit: UInt64 = 10_000_000_000

    public init(epoch: Epoch, offset: UInt64) {
        precondition(offset < Self.offsetLimit)
        self.epoch = epoch
        self.offset = offset
    }

    /// Before every first event, in any topic, while nothing of it was removed.
    public static let origin = Position(epoch: Epoch(start: 0, random: 0), offset: 0)

    /// The position after which this event is the next: `to` of a gap that goes on here.
    public var before: Position { offset == 0 ? self : Position(epoch: epoch, offset: offset - 1) }

    public static func < (a: Position, b: Position) -> Bool { (a.epoch, a.offset) < (b.epoch, b.offset) }

    /// Reads exactly what `append(to:)` writes; anything else is nil.
    public init?(_ text: some Collection<UInt8>) {
        guard text.count == Self.textBytes else { return nil }
        var reader = PositionReader()
        for byte in text { reader.take(byte) }
        guard let position = reader.position else { return nil }
        self = position
    }

    /// The same, of the `textBytes` bytes that begin at `start`.
    public init?(_ bytes: Span<UInt8>, at start: Int) {
        guard start >= 0, start <= bytes.count - Self.textBytes else { return nil }
        var reader = PositionReader()
        for place in start..<start + Self.textBytes { reader.take(bytes[place]) }
        guard let position = reader.position else { return nil }
        self = position
    }

    public init?(_ text: String) { self.init(text.utf8) }

    public func append(to bytes: inout [UInt8]) {
        Self.append(epoch, to: &bytes)
        Self.append(offset: offset, to: &bytes)
    }

    /// What the positions of an epoch begin with.
    static func append(_ epoch: Epoch, to bytes: inout [UInt8]) {
        append(UInt64(epoch.start), digits: 4, base: 36, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(UInt64(epoch.random), digits: 5, base: 36, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
    }

    static func append(offset: UInt64, to bytes: inout [UInt8]) { append(offset, digits: 10, base: 10, to: &bytes) }

    /// What `append` writes.
    public var text: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.textBytes)
        append(to: &bytes)
        return bytes
    }

    // Inlined, so that the base is a constant: a division costs more than all else here.
    @inline(__always)
    private static func append(_ value: UInt64, digits: Int, base: UInt64, to bytes: inout [UInt8]) {
        let first = bytes.count
        for _ in 0..<digits { bytes.append(UInt8(ascii: "0")) }
        var rest = value
        for place in stride(from: first + digits - 1, through: first, by: -1) {
            let digit = UInt8(rest % base)
            bytes[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            rest /= base
        }
    }
}

extension Position: CustomStringConvertible {
    public var description: String { String(decoding: text, as: UTF8.self) }
}
