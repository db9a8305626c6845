// The closing handshake of one connection (RFC 6455, 7): who has said what, and when TCP may go.
// A close that comes is reciprocated with its code. When both have been said, the server ends the TCP connection and the
// client waits for that. How long to wait is the owner's clock, which reports `timedOut`.

public struct WebSocketClosing: Sendable {
    public enum Action: Sendable, Equatable {
        case nothing
        /// Send this close frame and no data after it, then wait for the peer's (with a time limit).
        case send(code: UInt16?, reason: String)
        /// Send this close frame, then end the connection once it is flushed.
        case sendThenDisconnect(code: UInt16?, reason: String)
        /// Send this close frame, then wait for the server to end the connection (with a time limit).
        case sendThenAwaitEnd(code: UInt16?, reason: String)
        /// The peer has answered: wait for the server to end the connection (with a time limit).
        case awaitEnd
        case disconnect
    }

    private enum State { case open, sent, closed, over }

    /// The peer's code, nil if it named none or said nothing.
    public private(set) var receivedCode: UInt16?
    /// Whether both sides have said close.
    public private(set) var isClean = false

    private var state = State.open
    private let role: WebSocketRole

    public init(role: WebSocketRole) {
        self.role = role
    }

    /// Whether data may be sent still.
    public var isOpen: Bool { state == .open }

    /// This side wants to close.
    public mutating func close(code: UInt16, reason: String = "") -> Action {
        guard state == .open else { return .nothing }
        state = .sent
        return .send(code: code, reason: reason)
    }

    /// The peer's close frame has come.
    public mutating func receivedClose(code: UInt16?) -> Action {
        guard state == .open || state == .sent else { return .nothing }
        let hadSent = state == .sent
        receivedCode = code
        isClean = true
        state = role == .server ? .over : .closed
        if hadSent { return role == .server ? .disconnect : .awaitEnd }
        return role == .server ? .sendThenDisconnect(code: code, reason: "") : .sendThenAwaitEnd(code: code, reason: "")
    }

    /// The peer has broken the protocol: the decoder's `fail`. Its close is not waited for.
    public mutating func failed(code: UInt16, reason: String) -> Action {
        defer { state = .over }
        switch state {
        case .open: return .sendThenDisconnect(code: code, reason: reason)
        case .sent, .closed: return .disconnect
        case .over: return .nothing
        }
    }

    /// What was waited for did not come.
    public mutating func timedOut() -> Action { finish() }

    /// The peer has ended the connection.
    public mutating func endOfStream() -> Action { finish() }

    private mutating func finish() -> Action {
        if state == .over { return .nothing }
        state = .over
        return .disconnect
    }
}
