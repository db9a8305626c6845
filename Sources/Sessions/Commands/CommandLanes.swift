// Who may go upstream now. Commands of one session go one after the other, in the order in which they were accepted. Only a stop overtakes
// what was accepted before it, because it is what ends a prompt that hangs; it waits for other stops, and nothing overtakes a stop: nor does the
// answer to a card of a session below, which the stop closes.

/// The order of commands under way. A pure queue: it names them, it does not run them.
struct CommandLanes {
    private struct Place {
        let key: CommandKey
        let isStop: Bool
        let session: String
        /// The sessions above its own, whose stops it waits for. In their lanes nobody waits for it.
        let above: [String]

        var lanes: [String] { [session] + above }
    }

    private var lanes: [String: [Place]] = [:]
    private var running: Set<CommandKey> = []

    /// True when `key` may run at once. A create has no session yet: it goes by itself.
    mutating func enter(_ key: CommandKey, isStop: Bool, session: String?, below above: [String] = []) -> Bool {
        guard let session else { return true }
        guard lanes[session]?.contains(where: { $0.key == key }) != true else { return false }
        let place = Place(key: key, isStop: isStop, session: session, above: above.filter { $0 != session })
        for lane in place.lanes { lanes[lane, default: []].append(place) }
        return starts(place)
    }

    /// It is settled, whether it ran or not: who may run now, that could not before?
    mutating func leave(_ key: CommandKey, session: String?) -> [CommandKey] {
        guard let session, let place = lanes[session]?.first(where: { $0.key == key }) else { return [] }
        running.remove(key)
        for lane in place.lanes {
            lanes[lane]?.removeAll { $0.key == key }
            if lanes[lane]?.isEmpty == true { lanes[lane] = nil }
        }
        var freed: [CommandKey] = []
        for lane in place.lanes {
            for waiting in lanes[lane] ?? [] where !running.contains(waiting.key) && starts(waiting) { freed.append(waiting.key) }
        }
        return freed
    }

    private mutating func starts(_ place: Place) -> Bool {
        guard place.lanes.allSatisfy({ isFree(place, in: $0) }) else { return false }
        running.insert(place.key)
        return true
    }

    private func isFree(_ place: Place, in lane: String) -> Bool {
        let waitsForAll = !place.isStop && place.session == lane
        let before = (lanes[lane] ?? []).prefix { $0.key != place.key }
        return !before.contains { $0.session == lane && (waitsForAll || $0.isStop) }
    }
}

/// What names a command: unique per session and user; a create's session is empty.
public struct CommandKey: Sendable, Hashable {
    public var session: String
    public var by: String
    public var id: String

    public init(session: String?, by: String, id: String) {
        self.session = session ?? ""
        self.by = by
        self.id = id
    }
}
