// A log that refuses batches (a full disk …): whether it does, and how long it is left alone before the next try. Pure.
//
// The pause doubles with each refusal. It is a first one again only after the log has gone on taking batches for a while: a disk that has room
// for the small batch of a try, and none for what follows, is no reason to try every second.

struct Refusals: Sendable {
    static let firstPause = Duration.seconds(1)
    static let longestPause = Duration.seconds(30)
    /// A log that has refused nothing for so long is well (ms).
    static let wellAfter: Int64 = 60_000

    /// Nothing was taken since the last refusal.
    private(set) var isRefusing = false
    private var pause = Self.firstPause
    private var refusedAt: Int64 = 0

    /// Gives how long to wait.
    mutating func refused(at now: Int64) -> Duration {
        defer { pause = min(pause * 2, Self.longestPause) }
        (isRefusing, refusedAt) = (true, now)
        return pause
    }

    /// True where the log had refused what came before.
    mutating func taken(at now: Int64) -> Bool {
        defer { isRefusing = false }
        if !isRefusing, now - refusedAt >= Self.wellAfter { pause = Self.firstPause }
        return isRefusing
    }
}
