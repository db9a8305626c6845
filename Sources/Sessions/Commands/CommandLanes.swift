// Who may go upstream now. Commands of one session go one after the other, in the order in which they were accepted. Only a stop overtakes
// what was accepted before it, because it is what ends a prompt that hangs; it waits for other stops, and nothing overtakes a stop.

/// The order of commands under way. A pure queue: it names them, it does not run them.
struct CommandLanes {
    private struct Place {
        let key: CommandKey
        let isStop: Bool
        var runs: Bool
    }

    private var lanes: [String: [Place]] = [:]

    /// True when `key` may run at once. A create has no session yet: it goes by itself.
    mutating func enter(_ key: CommandKey, isStop: Bool, session: String?) -> Bool {
        guard let session else { return true }
        let lane = lanes[session] ?? []
        guard !lane.contains(where: { $0.key == key }) else { return false }
        let runs = isStop ? !lane.contains(where: \.isStop) : lane.isEmpty
        lanes[session] = lane + [Place(key: key, isStop: isStop, runs: runs)]
        return runs
    }

    /// It is settled, whether it ran or not: who may run now, that could not before?
    mutating func leave(_ key: CommandKey, session: String?) -> [CommandKey] {
        guard let session, var lane = lanes[session] else { return [] }
        lane.removeAll { $0.key == key }
        var freed: [CommandKey] = []
        for place in lane.indices where !lane[place].runs {
            let isFree = lane[place].isStop ? !lane[..<place].contains(where: \.isStop) : place == 0
            guard isFree else { continue }
            lane[place].runs = true
            freed.append(lane[place].key)
        }
        lanes[session] = lane.isEmpty ? nil : lane
        return freed
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
