// What our kernel knows of the peer's. A shut window is no silence: the kernel goes on asking whether it has opened, at last every two minutes,
// and the kernel of a peer that lives answers each time, although its program reads nothing.

public struct PeerSigns: Sendable, Equatable {
    /// Of all that was sent on the connection: what the peer's kernel has taken.
    public var acknowledgedBytes: UInt64
    /// Since the peer's kernel has answered last. It has nothing to answer while nothing is sent.
    public var silence: Duration
    /// What was sent again and what was asked since then.
    public var unansweredQuestions: Int

    public init(acknowledgedBytes: UInt64, silence: Duration, unansweredQuestions: Int) {
        (self.acknowledgedBytes, self.silence, self.unansweredQuestions) = (acknowledgedBytes, silence, unansweredQuestions)
    }
}
