// Who may go upstream now. Commands of one session go one after the other, in the order in which they were accepted; a stop waits only
// for other stops, because it is what ends a prompt that hangs.

/// The order of commands under way. A pure queue: it names them, it does not run them.
struct CommandLanes {
    enum Lane: Hashable {
        case session(String)
        case stops(String)
        /// Creates have no session yet, each goes by itself.
        case alone(CommandKey)
    }

    private var waiting: [Lane: [CommandKey]] = [:]

    static func lane(of key: CommandKey, kind: CommandKind, session: String?) -> Lane {
        guard let session else { return .alone(key) }
        return kind == .stop ? .stops(session) : .session(session)
    }

    /// True when `key` is first in its lane and may run.
    mutating func enter(_ key: CommandKey, _ lane: Lane) -> Bool {
        guard waiting[lane]?.contains(key) != true else { return false }
        waiting[lane, default: []].append(key)
        return waiting[lane]?.count == 1
    }

    /// The first of the lane is settled: who is next?
    mutating func leave(_ lane: Lane) -> CommandKey? {
        guard var line = waiting[lane], !line.isEmpty else { return nil }
        line.removeFirst()
        waiting[lane] = line.isEmpty ? nil : line
        return line.first
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
