// What a connection remembers between events, in two bytes.

struct ConnectionState: OptionSet {
    let rawValue: UInt16

    static let paused = ConnectionState(rawValue: 1 << 0)
    /// The kernel may have input that was not read: an edge came, and no read has found the end of it.
    static let mayHaveInput = ConnectionState(rawValue: 1 << 1)
    /// The kernel has told of an end or an error: reads go on until they meet it.
    static let endIsNear = ConnectionState(rawValue: 1 << 2)
    static let hasFailed = ConnectionState(rawValue: 1 << 3)
    static let peerEnded = ConnectionState(rawValue: 1 << 4)
    /// The kernel took less than it was offered: the owner wants to hear when it takes more.
    static let wantsToWrite = ConnectionState(rawValue: 1 << 5)
    /// Nothing may be added to what is to be sent.
    static let writeEnding = ConnectionState(rawValue: 1 << 6)
    static let writeEnded = ConnectionState(rawValue: 1 << 7)
    /// The owner has let go: input is thrown away.
    static let discarding = ConnectionState(rawValue: 1 << 8)
}
