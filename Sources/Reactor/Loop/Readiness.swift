// What a poller says of a descriptor, whatever the system calls it.

struct Readiness: OptionSet {
    let rawValue: UInt8

    static let readable = Readiness(rawValue: 1)
    static let writable = Readiness(rawValue: 2)
    /// The peer sends no more, or both sides are done: reading will come to the end.
    static let ended = Readiness(rawValue: 4)
    static let failed = Readiness(rawValue: 8)
}
