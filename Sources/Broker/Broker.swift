// Who is owed what, on one loop: topics, their subscribers, and what was asked of the log on their behalf. A pure machine: notices, answers
// and readiness come in by calls, frames go out to outlets, and everything else that it wants is an action for the loop to carry out.
// Order is what makes a hand-over exact: the writer acknowledges the watch first, then the log judges the position, then pages are read
// until the reader stands in the ring, which has everything since the watch.

import RelayProtocol

public final class Broker {
    let budget: RingBudget
    let ringLimits: Ring.Limits
    private var feeds: [TopicName: TopicFeed] = [:]
    private var actions: [BrokerAction] = []
    private var judging: [JudgeRequest: [Subscriber]] = [:]
    private var reading: [PageRequest: [Subscriber]] = [:]
    private var pages = PageCache()
    /// Lanes that have something to flush; those before `flushed` have had their turn.
    private var queue: [Lane] = []
    private var flushed = 0
    private var rounds: UInt64 = 0

    public convenience init(budget: RingBudget) { self.init(budget: budget, ringLimits: Ring.Limits()) }

    init(budget: RingBudget, ringLimits: Ring.Limits) {
        (self.budget, self.ringLimits) = (budget, ringLimits)
    }

    /// Lanes and their subscribers hold each other until these leave, and a lane must not outlive its broker.
    deinit { for lane in feeds.values.flatMap(\.lanes) { for member in lane.members { lane.remove(member) } } }

    /// Topics that somebody reads.
    public var topicCount: Int { feeds.count }

    /// What is to be done now, in order.
    public func takeActions() -> [BrokerAction] {
        defer { actions = [] }
        return actions
    }

    // Subscribers.

    public func subscribe(
        _ topic: TopicName, from point: JudgeRequest.Point, in encoding: LineEncoding, takesSnapshot: Bool = false, outlet: any Outlet
    ) -> Subscriber {
        let feed = feed(topic)
        let subscriber = Subscriber(outlet: outlet, point: point, takesSnapshot: takesSnapshot)
        feed.lane(encoding).add(subscriber, sink: outlet.sink)
        if feed.last != nil { judge(subscriber, topic) }
        return subscriber
    }

    public func leave(_ subscriber: Subscriber) {
        guard let lane = subscriber.lane else { return }
        lane.remove(subscriber)
        forgetIfUnused(lane.topic)
    }

    /// The outlet takes bytes again.
    public func canSend(_ subscriber: Subscriber) {
        subscriber.traits.remove(.isBlocked)
        subscriber.lane?.drive(subscriber)
    }

    /// Takes the page away from a reader of a replay that takes nothing for a while, where it is kept in memory for nobody else: the reader holds
    /// the rest of the frame that it is in, and reads on from there when it takes something. Lines that a subscribe begins with stay as they are.
    public func letGo(_ subscriber: Subscriber) {
        guard subscriber.isBlocked, let lane = subscriber.lane, lane.isAloneInSmallFrame(subscriber), let position = lane.detach(subscriber)
        else { return }
        subscriber.phase = .standing(after: position)
    }

    /// Sends a control line at the next boundary.
    public func send(_ line: [UInt8], to subscriber: Subscriber) {
        guard let lane = subscriber.lane, subscriber.hasStarted, !subscriber.traits.contains(.isFinishing) else { return }
        lane.encoding.append(line: line.span, id: nil, to: &subscriber.control)
        lane.drive(subscriber)
    }

    /// Sends bytes that are a frame already (a pong, a close) at the next boundary.
    public func send(frame: [UInt8], to subscriber: Subscriber) {
        guard let lane = subscriber.lane, subscriber.hasStarted, !subscriber.traits.contains(.isFinishing) else { return }
        subscriber.control.append(contentsOf: frame)
        lane.drive(subscriber)
    }

    /// Nothing follows what was sent so far: `subscriberFinishes` comes when it was taken.
    public func finish(_ subscriber: Subscriber) {
        subscriber.traits.insert(.isFinishing)
        subscriber.lane?.drive(subscriber)
    }

    /// `head`, and `sent` as it will be when a line of now goes out; nil while there is something to be sent first.
    public func heartbeat(_ subscriber: Subscriber) -> (head: Position, sent: Position)? {
        guard subscriber.isSettled, let lane = subscriber.lane, let sent = lane.sentPosition(subscriber), let last = feeds[lane.topic]?.last
        else { return nil }
        return (last.offset > sent.offset ? last : sent, sent)
    }

    // Waiting for the next event, once.

    /// `arrived` with this token follows when the topic has something after `after`, perhaps at once. Whoever waits says with `cancelWait`
    /// that it is over, after that too: until then the topic is followed, so that a second wait begins where the first ended.
    public func await(_ topic: TopicName, after: Position, token: UInt64) {
        let feed = feed(topic)
        feed.await(after: after, token: token)
        tellArrived(feed)
    }

    public func cancelWait(_ topic: TopicName, token: UInt64) {
        feeds[topic]?.cancelWait(token: token)
        forgetIfUnused(topic)
    }

    // What the writer tells.

    public func watching(_ topic: TopicName, head: Position) {
        guard let feed = feeds[topic] else { return }
        guard feed.last == nil else { return behind(topic, head: head) }
        feed.skip(to: head)
        for lane in feed.lanes { for member in lane.members { judge(member, topic) } }
        tellArrived(feed)
    }

    public func committed(_ topic: TopicName, _ lines: LineBatch) {
        guard let feed = feeds[topic] else { return }
        guard let last = feed.last else { return }
        if lines.previous != last { return restart(feed, at: lines.last) }
        feed.append(lines)
        enqueue(feed)
        tellArrived(feed)
    }

    /// Something up to `head` was not told: lines, or that the topic was removed and made again. Only the log knows which.
    public func behind(_ topic: TopicName, head: Position) {
        guard let feed = feeds[topic] else { return }
        if feed.last == nil { watching(topic, head: head) } else { restart(feed, at: head) }
    }

    /// The topic is gone. Its subscribers stay, for one that is made again under its name.
    public func removed(_ topic: TopicName) {
        guard let feed = feeds[topic], feed.last != nil else { return }
        restart(feed, at: .origin)
    }

    /// What this loop knows of the topic does not hold any more: what each subscriber has is judged anew.
    private func restart(_ feed: TopicFeed, at head: Position) {
        pages.drop(feed.topic)
        let standing = feed.lanes.flatMap { lane in lane.members.map { (subscriber: $0, position: lane.detach($0)) } }
        feed.skip(to: head)
        rounds += 1
        feed.round = rounds
        judging = judging.filter { $0.key.topic != feed.topic }
        for (subscriber, position) in standing { goOn(subscriber, at: position) }
        for token in feed.takeWaiters() { actions.append(.arrived(token)) }
        forgetIfUnused(feed.topic)
    }

    private func goOn(_ subscriber: Subscriber, at position: Position?) {
        switch subscriber.phase {
        case .closing, .ended: break
        case .joining: if let topic = subscriber.topic { judge(subscriber, topic) }
        default:
            // In the middle of a frame that only the log has: judged when that frame is out.
            guard let position else { return }
            judgeAnew(subscriber, at: position)
            subscriber.lane?.drive(subscriber)
        }
    }

    /// Half of a frame was sent and the rest of it is gone, or the log has nothing where something was told of. In the middle of a frame
    /// nothing more can be said.
    private func fail(_ subscriber: Subscriber, _ problem: Problem = Problem(.internal)) {
        let isTorn = if case .reading(_, let torn) = subscriber.phase { torn > 0 } else { false }
        subscriber.phase = isTorn ? .ended : .closing
        subscriber.outlet?.subscriberFails(problem)
    }

    /// Sends what came, to so many readers; to be called when all input of a turn has been handled. A loop that has many to serve looks for
    /// input between slices: what is published meanwhile is committed meanwhile, and goes out with what those still due are owed.
    /// - Returns: whether somebody is left to be served.
    @discardableResult
    public func flush(atMost deliveries: Int = .max) -> Bool {
        var left = deliveries
        while left > 0, flushed < queue.count {
            let lane = queue[flushed]
            flushed += 1
            left -= lane.flush(atMost: left)
            lane.isQueued = lane.isDue
            if lane.isDue { queue.append(lane) }
        }
        if flushed * 2 >= queue.count {
            queue.removeFirst(flushed)
            flushed = 0
        }
        return isDue
    }

    /// Whether somebody waits for a flush.
    public var isDue: Bool { flushed < queue.count }

    private func enqueue(_ feed: TopicFeed) {
        for lane in feed.lanes where !lane.isQueued {
            lane.isQueued = true
            queue.append(lane)
        }
    }

    /// Gives back the memory of topics that are quiet. To be called every half minute or so.
    public func hibernate() {
        pages.dropAll()
        for topic in Array(feeds.keys) { forgetIfUnused(topic) }
        for feed in feeds.values { for lane in feed.lanes { lane.hibernate() } }
    }

    // What the log answers.

    public func judged(_ request: JudgeRequest, _ answer: Result<Start, Problem>) {
        let subscribers = judging.removeValue(forKey: request) ?? []
        var framed: [LineEncoding: Page] = [:]
        for subscriber in subscribers {
            guard let lane = subscriber.lane, subscriber.waits(for: request) else { continue }
            switch answer {
            case .failure(let problem): fail(subscriber, problem)
            case .success(let start):
                let page = framed[lane.encoding] ?? Page(start, in: lane.encoding)
                framed[lane.encoding] = page
                begin(subscriber, start, page)
                lane.drive(subscriber)
            }
        }
    }

    private func begin(_ subscriber: Subscriber, _ start: Start, _ page: Page) {
        subscriber.lineage = start.lineage
        subscriber.removedThrough = start.removedThrough
        subscriber.phase = .page(page, place: 0, after: start.begin)
        guard !subscriber.hasStarted else { return }
        subscriber.traits.insert(.hasStarted)
        subscriber.outlet?.subscriberStarts()
    }

    public func read(_ request: PageRequest, _ answer: Result<Page, Problem>) {
        let subscribers = reading.removeValue(forKey: request) ?? []
        if case .success(let page) = answer, feeds[request.topic]?.round == request.round { pages.keep(page, for: request) }
        for subscriber in subscribers {
            guard let lane = subscriber.lane, subscriber.waits(for: request) else { continue }
            switch answer {
            case .failure(let problem): fail(subscriber, problem)
            case .success(let page): take(page, subscriber)
            }
            lane.drive(subscriber)
        }
    }

    /// A page came for somebody who waits for it. One of another topic of that name, or one in which something is missing that was there when
    /// the reader was told what is missing, is not taken: the log judges anew.
    private func take(_ page: Page, _ subscriber: Subscriber) {
        guard case .reading(let after, let torn) = subscriber.phase, let lane = subscriber.lane else { return }
        let isOfOtherTopic = page.lineage == nil || subscriber.lineage.map { $0 != page.lineage } == true
        if isOfOtherTopic || page.removedThrough > max(after.offset, subscriber.removedThrough) {
            pages.drop(lane.topic)
            return torn == 0 ? judgeAnew(subscriber, at: after) : fail(subscriber)
        }
        // What it had live says nothing of the topic's number: the log must say whether this is the same topic.
        if torn == 0, subscriber.lineage == nil, after != .origin { return judgeAnew(subscriber, at: after) }
        subscriber.lineage = page.lineage
        if torn == 0, page.through.offset > after.offset {
            subscriber.phase = .page(page, place: 0, after: after)
        } else if torn > 0, let first = page.frames.first, first.end > torn, first.position.epoch == subscriber.tornEpoch {
            subscriber.phase = .page(page, place: torn, after: after)
            guard subscriber.round != feeds[lane.topic]?.round, let position = lane.detach(subscriber) else { return }
            judgeAnew(subscriber, at: position)
        } else {
            fail(subscriber)
        }
    }

    // Asking.

    func needsPage(_ subscriber: Subscriber, after: Position, torn: Int) {
        guard let lane = subscriber.lane else { return }
        let round = feeds[lane.topic]?.round ?? 0
        let request = PageRequest(topic: lane.topic, after: after.offset, encoding: lane.encoding, firstAlone: torn > 0, round: round)
        if let page = pages[request] { return take(page, subscriber) }
        if reading[request] == nil { actions.append(.page(request)) }
        reading[request, default: []].append(subscriber)
    }

    private func judge(_ subscriber: Subscriber, _ topic: TopicName) {
        guard let feed = feeds[topic], case .joining(let point) = subscriber.phase else { return }
        subscriber.round = feed.round
        if point == .none, topic.kind != .session { rounds += 1 }
        let request = JudgeRequest(
            topic: topic, point: point, takesSnapshot: subscriber.traits.contains(.takesSnapshot), isInBand: subscriber.hasStarted,
            round: point == .none && topic.kind != .session ? rounds : feed.round)
        if judging[request] == nil { actions.append(.judge(request)) }
        judging[request, default: []].append(subscriber)
    }

    /// - Parameter position: what the subscriber has.
    private func judgeAnew(_ subscriber: Subscriber, at position: Position) {
        guard let lane = subscriber.lane else { return }
        subscriber.phase = .joining(.text(Array(position.description.utf8)))
        judge(subscriber, lane.topic)
    }

    private func feed(_ topic: TopicName) -> TopicFeed {
        if let feed = feeds[topic] { return feed }
        let feed = TopicFeed(topic: topic, broker: self)
        feeds[topic] = feed
        actions.append(.watch(topic))
        return feed
    }

    private func forgetIfUnused(_ topic: TopicName) {
        guard let feed = feeds[topic], feed.isUnused else { return }
        feed.release()
        pages.drop(topic)
        feeds[topic] = nil
        actions.append(.unwatch(topic))
    }

    private func tellArrived(_ feed: TopicFeed) {
        for token in feed.takeArrived() { actions.append(.arrived(token)) }
    }
}
