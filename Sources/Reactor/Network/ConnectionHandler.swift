// What a connection tells its owner. All calls come from the loop's turn, none from inside a call that the owner makes.

public protocol ConnectionHandler: AnyObject {
    /// Bytes came. The span is valid during the call; the connection may be paused or closed from within.
    func connection(_ connection: Connection, received bytes: Span<UInt8>)

    /// The peer will send no more. It may still read; the connection stays open until this side is done too.
    func connectionDidEnd(_ connection: Connection)

    /// Told once for every connection, whoever closed it, at the end of the turn; it is the last call.
    /// - Parameter error: nil where both sides ended in order or the owner closed.
    func connectionDidClose(_ connection: Connection, error: SystemError?)

    /// The kernel takes bytes again after it had refused some, and nothing is left to send.
    func connectionCanWrite(_ connection: Connection)
}

extension ConnectionHandler {
    public func connectionCanWrite(_ connection: Connection) {}
}
