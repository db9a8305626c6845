// The status codes of a close frame that are said here (RFC 6455, 7.4), and which may be said at all.

public enum WebSocketCloseCode {
    public static let goingAway: UInt16 = 1001
    public static let protocolError: UInt16 = 1002
    public static let unsupportedData: UInt16 = 1003
    public static let invalidPayload: UInt16 = 1007
    public static let messageTooBig: UInt16 = 1009
    public static let internalError: UInt16 = 1011

    /// Whether the code may stand in a frame: 1004 to 1006 and 1015 are for reports only, and what is neither registered
    /// nor left to libraries and applications has no meaning.
    public static func mayBeSent(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
