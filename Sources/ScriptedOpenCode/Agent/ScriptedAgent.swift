// A scripted OpenCode: answers the calls of 2.x's API that a relay makes and plays turns on its event stream, in the order and the shapes
// of a real server. A pure machine: requests and the time go in, replies and frames come out; `ScriptedServer` gives it a socket.
//
// The rule that keeps it right: nothing happens but at a planned time or in answer to a request, so that the same seed, calls and times
// give the same bytes. It runs no tools, asks no model and keeps nothing beyond its own life.

import Wire

public struct ScriptedAgent: Sendable {
    public struct Options: Sendable {
        /// Of `GET /api/info`.
        public var version = "2.0.14-scripted"
        public var pid = 1
        /// Where sessions are when nobody says.
        public var directory = "/home/dev/project"
        /// Nil: everybody may enter.
        public var password: String?
        /// How fast the model speaks. 0: everything that does not wait for a person at once.
        public var wordsPerSecond = 120
        public var seed: UInt64 = 1

        public init() {}
    }

    public internal(set) var options: Options
    /// The scripts of prompts that do not say themselves what they want.
    public var choose: @Sendable (_ prompt: String) -> Script = Script.chosen(by:)

    var identifiers: ScriptedIdentifiers
    var sessions: [String: ScriptedSession] = [:]
    /// Sessions with a run, in the order of their beginning.
    var running: [String] = []
    /// Every prompt that was accepted and not cancelled.
    var prompts: [String: ScriptedInboxItem] = [:]
    var rules: [(id: String, rule: ScriptedRule)] = []
    var frames: [[UInt8]] = []
    private var calls = 0
    private var floodTurn = 0

    public init(options: Options = Options()) {
        self.options = options
        identifiers = ScriptedIdentifiers(seed: options.seed)
    }

    /// When `advance` should be called next (ms since 1970); nil when nothing is planned. Floods do not count.
    public var nextTime: Int64? {
        running.lazy.compactMap { id in sessions[id]?.run.flatMap { $0.isFlooding ? nil : $0.due } }.min()
    }

    /// Whether there is more to say as soon as there is room.
    public var isFlooding: Bool { running.contains { sessions[$0]?.run?.isFlooding == true } }

    /// Plays all that is due.
    /// - Parameter room: how many frames a flood may make.
    public mutating func advance(now: Int64, room: Int = 0) {
        var room = room
        while true {
            while let id = earliest(now), let (time, act) = sessions[id]?.run?.takeNext() { play(act, of: id, at: time) }
            guard room > 0, let id = nextFlooding() else { return }
            room -= flood(id, room: min(room, 16), now: now)
        }
    }

    /// The frames of the event stream since the last call, in order; each ends in an empty line.
    public mutating func takeFrames() -> [[UInt8]] {
        defer { frames = [] }
        return frames
    }

    /// The server is killed and started anew under another pid: what ran is gone without a word, the inboxes are not.
    public mutating func kill(newPID pid: Int) {
        options.pid = pid
        frames = []
        running = []
        for id in sessions.keys {
            sessions[id]?.run = nil
            sessions[id]?.permissions = []
            sessions[id]?.forms = []
        }
    }

    private func earliest(_ now: Int64) -> String? {
        var found: (id: String, time: Int64)?
        for id in running {
            guard let run = sessions[id]?.run, let due = run.due, due <= now, !run.isFlooding else { continue }
            if found.map({ due < $0.time }) ?? true { found = (id, due) }
        }
        return found?.id
    }

    /// Floods take turns.
    private mutating func nextFlooding() -> String? {
        for step in 1...max(1, running.count) {
            let place = (floodTurn + step) % max(1, running.count)
            guard place < running.count, sessions[running[place]]?.run?.isFlooding == true else { continue }
            floodTurn = place
            return running[place]
        }
        return nil
    }

    mutating func newCallID() -> String {
        calls += 1
        return "call_\(calls)"
    }
}
