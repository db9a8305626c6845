// The feeds of all sessions that are followed, in slots: a frame looks its session up once, and changes the feed where it lies.

struct SessionFeeds: Sendable {
    private var places: [String: Int] = [:]
    private var slots: [SessionFeed] = []
    private var free: [Int] = []

    var count: Int { places.count }
    var sessions: some Collection<String> { places.keys }

    func place(of session: String) -> Int? { places[session] }

    subscript(at: Int) -> SessionFeed {
        _read { yield slots[at] }
        _modify { yield &slots[at] }
    }

    /// The place of a session that had none.
    mutating func add(_ feed: SessionFeed) -> Int {
        let at: Int
        if let last = free.popLast() {
            slots[last] = feed
            at = last
        } else {
            at = slots.count
            slots.append(feed)
        }
        places[feed.session] = at
        return at
    }

    mutating func remove(_ session: String) {
        guard let at = places.removeValue(forKey: session) else { return }
        slots[at] = SessionFeed(topic: slots[at].topic, now: 0)
        free.append(at)
    }
}
