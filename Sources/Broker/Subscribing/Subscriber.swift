// One reader of one topic: what it has, and where it reads from. Its lane moves it; it holds no bytes of its own but for control frames that
// wait for the end of a frame.

import RelayProtocol

public final class Subscriber {
    enum Phase {
        /// Where it begins is being judged.
        case joining(JudgeRequest.Point)
        /// It has everything up to this position, and the place of the rest is to be looked up.
        case standing(after: Position)
        /// The rest is in the log; so many bytes of the next line's frame were sent already.
        case behind(after: Position, torn: Int)
        /// A page was asked for.
        case reading(after: Position, torn: Int)
        /// It was sent so much of a page that follows on this position.
        case page(Page, place: Int, after: Position)
        /// It has a cursor into the ring: in its seat.
        case live
        /// Nothing more of the topic follows: only control frames, and the end.
        case closing
        case ended
    }

    struct Traits: OptionSet {
        let rawValue: UInt8
        /// The outlet takes nothing now.
        static let isBlocked = Traits(rawValue: 1)
        static let hasStarted = Traits(rawValue: 2)
        /// Nothing follows the control frames that wait.
        static let isFinishing = Traits(rawValue: 4)
        static let takesSnapshot = Traits(rawValue: 8)
    }

    /// Nil when it has left.
    var outlet: (any Outlet)?
    var lane: Lane?
    /// The place of its seat.
    var slot = 0
    /// Control frames that wait for a boundary; the first of them may have been sent in part.
    var control: [UInt8] = []
    var controlSent = 0
    /// Of the feed, when it was judged.
    var round: UInt64 = 0
    /// What was removed up to here was told.
    var removedThrough: UInt64 = 0
    // Small fields stand together, behind what leaves room for them: ten thousand of these wait for most of their life.
    var lineage: Int64?
    /// Of the line of which it was sent a part before it fell out of the ring.
    var tornEpoch: Epoch?
    var traits: Traits
    var phase: Phase {
        didSet { lane?.seats[slot].phaseChanged(isLive: isLive) }
    }

    init(outlet: any Outlet, point: JudgeRequest.Point, takesSnapshot: Bool) {
        self.outlet = outlet
        phase = .joining(point)
        traits = takesSnapshot ? .takesSnapshot : []
    }

    /// Nil when it has left.
    public var topic: TopicName? { lane?.topic }

    /// Whether it has begun: control frames may be sent.
    public var hasStarted: Bool { traits.contains(.hasStarted) }

    /// Whether there is something that the outlet did not take.
    public var isBlocked: Bool { traits.contains(.isBlocked) }

    /// Control bytes that wait.
    public var waitingControlBytes: Int { control.count - controlSent }

    var hasControl: Bool { !control.isEmpty }

    /// Makes what is left of frames its own. In the middle of one the rest goes before anything else; else what waits goes first, which may be
    /// the rest of another.
    func putAside(_ rest: ArraySlice<UInt8>, isMidFrame: Bool) {
        if rest.isEmpty { return }
        control = isMidFrame ? rest + control : control + rest
    }

    /// Whether this is the answer that it waits for now, and not one to a question of before.
    func waits(for request: JudgeRequest) -> Bool {
        if case .joining(let point) = phase { point == request.point && hasStarted == request.isInBand } else { false }
    }

    func waits(for request: PageRequest) -> Bool {
        guard case .reading(let after, let torn) = phase, after.offset == request.after, (torn > 0) == request.firstAlone else {
            return false
        }
        // Who is in the middle of a frame waits for the rest of it, whatever has become of the topic.
        return torn > 0 || round == request.round
    }

    /// It has been told what it stands on, and knows where the frame ends that it is in.
    var isSettled: Bool {
        switch phase {
        case .joining, .closing, .ended: false
        case .behind(_, let torn), .reading(_, let torn): torn == 0
        case .page(let page, _, _): !page.isStart
        case .standing, .live: true
        }
    }

    /// Something goes before what it reads, at the next boundary.
    var mustInterrupt: Bool { hasControl || traits.contains(.isFinishing) }

    private var isLive: Bool { if case .live = phase { true } else { false } }

    /// It was cut off, or has everything that it will get: nothing can be said to it.
    public var isOver: Bool { if case .ended = phase { true } else { false } }
}
