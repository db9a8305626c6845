// How a subscribe is answered: the table of the protocol's section 5 as one function. What the log says of a position and what kind of topic
// it is decide; lag never does, unless the client asked for that.

import RelayProtocol

/// What the log says about where a client wants to begin.
public enum ResumeVerdict: Sendable, Equatable {
    /// It said nothing; `head` is the topic's last position.
    case none(head: Position)
    /// It wants all that is kept, which follows on this position.
    case earliest(Position)
    /// Nothing after its position was removed.
    case valid(Position)
    /// The position was good, but something after it was removed; what is kept follows on `floor`.
    case removed(floor: Position)
    case invalid(ControlLine.Reason, floor: Position)
}

public struct StartPlan: Sendable, Equatable {
    public enum Step: Sendable, Equatable {
        /// A line says that what lay before is not there any more.
        case gap(ControlLine.Reason)
        /// The session's state, as the same transaction sees it; events follow on its position.
        case snapshot
        /// Events after this position.
        case events(after: Position)
    }

    /// As `hello` says it.
    public var start: ControlLine.Start
    public var reason: ControlLine.Reason?
    /// What follows `hello`, in order; the last one is `snapshot` or `events`.
    public var steps: [Step]

    public init(_ verdict: ResumeVerdict, isSession: Bool) {
        switch verdict {
        case .none(let head):
            self = isSession ? Self(.snapshot, nil, [.snapshot]) : Self(.exact, nil, [.events(after: head)])
        case .earliest(let position), .valid(let position):
            self = Self(.exact, nil, [.events(after: position)])
        case .removed(let floor):
            self = isSession ? Self(.snapshot, .compacted, [.snapshot]) : Self(.gap, .compacted, [.gap(.compacted), .events(after: floor)])
        case .invalid(let reason, let floor):
            self = Self(.gap, reason, [.gap(reason), isSession ? .snapshot : .events(after: floor)])
        }
    }

    /// For a client that takes a snapshot rather than a long backlog.
    public static let insteadOfBacklog = StartPlan(.snapshot, .slow, [.snapshot])

    private init(_ start: ControlLine.Start, _ reason: ControlLine.Reason?, _ steps: [Step]) {
        (self.start, self.reason, self.steps) = (start, reason, steps)
    }
}
