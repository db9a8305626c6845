// Names of topics, and which of them belong to the engine.

/// A topic's name: `[A-Za-z0-9][A-Za-z0-9._-]{0,127}`.
public struct TopicName: Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable { case session, lobby, opencode, plain }

    public let text: String

    /// Nil for what is not a legal name.
    public init?(_ text: String) {
        let bytes = text.utf8
        guard (1...Limits.topicNameBytes).contains(bytes.count), let first = bytes.first, Self.isLetterOrDigit(first),
            bytes.allSatisfy({ Self.isLetterOrDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") })
        else { return nil }
        self.text = text
    }

    private init(known text: String) { self.text = text }

    public static let lobby = TopicName(known: "lobby")
    public static let opencode = TopicName(known: "opencode")

    public var kind: Kind {
        if text == "lobby" { return .lobby }
        if text == "opencode" { return .opencode }
        return text.hasPrefix("ses_") ? .session : .plain
    }

    /// Only the engine writes or deletes it.
    public var isReserved: Bool { kind != .plain }

    public var description: String { text }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: false
        }
    }
}
