// The id that a client chooses for a command, so that it can say it again after a lost answer and have it done once.

/// `[A-Za-z0-9._-]{1,64}`.
public struct CommandID: Sendable, Hashable, CustomStringConvertible {
    public let text: String

    public init?(_ text: String) {
        guard Self.isLegal(text) else { return nil }
        self.text = text
    }

    public static func isLegal(_ text: String) -> Bool {
        (1...Limits.commandIDBytes).contains(text.utf8.count) && text.utf8.allSatisfy(isLegal)
    }

    public var description: String { text }

    private static func isLegal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
