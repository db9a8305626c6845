// The life that both generations share: acts are played when they are due, floods as fast as somebody takes them.

protocol ScriptedMachine: ScriptedAgent {
    var core: ScriptedCore { get set }
    mutating func play(_ act: ScriptedAct, of session: String, at time: Int64)
    func run(of session: String) -> ScriptedRun?
    /// The frame of a delta of an open part; nil when there is no such part.
    mutating func deltaFrame(_ key: ScriptedPartKey, _ text: String, _ session: String, _ time: Int64) -> [UInt8]?
    mutating func change(runOf session: String, _ body: (inout ScriptedRun) -> Void)
    func directory(of session: String) -> String
}

extension ScriptedMachine {
    /// Frames of a flood that are made in one go.
    private static var floodFrames: Int { 256 }

    public var options: ScriptedOptions { core.options }
    public var choose: @Sendable (_ prompt: String) -> Script {
        get { core.choose }
        set { core.choose = newValue }
    }
    public var nextTime: Int64? { core.schedule.nextTime }
    public var isFlooding: Bool { core.schedule.isFlooding }

    public mutating func advance(now: Int64, room: Int = 0) {
        var room = room
        while true {
            while let due = core.schedule.takeDue(now) { play(due.act, of: due.session, at: due.time) }
            guard room > 0, let (session, flood) = core.schedule.takeFlood() else { return }
            room -= say(flood, session, room: min(room, Self.floodFrames), now)
        }
    }

    public mutating func takeFrames() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &core.frames)
        return taken
    }

    /// How many frames were said.
    private mutating func say(_ flood: ScriptedFlood, _ session: String, room: Int, _ now: Int64) -> Int {
        let last = min(flood.end, flood.next + room)
        if let frame = deltaFrame(flood.key, ScriptTexts.flooded(0), session, now), let prepared = PreparedFrame(frame) {
            var heard = PreparedFrame.Text()
            for number in flood.next..<last {
                prepared.append(number: number, stamp: core.identifiers.stamp(at: now), to: &core.frames)
                heard.append(number: number)
            }
            hear(heard.bytes, flood.key, session)
        }
        var rest = flood
        rest.next = last
        core.schedule.goOn(last < flood.end ? rest : nil, of: session, at: now)
        return last - flood.next
    }

    // Rounds.

    /// The next try, or the next step.
    mutating func nextRound(_ session: String, _ time: Int64) {
        change(runOf: session) { $0.round += 1 }
        planRound(session, time)
    }

    mutating func planRound(_ session: String, _ time: Int64) {
        guard let run = run(of: session), run.round < run.script.rounds.count else { return }
        let timeline = ScriptedTimeline(
            run.script.rounds[run.round], for: options.generation, wordsPerSecond: wordsPerSecond(of: session),
            directory: directory(of: session)
        ) {
            core.newCallID()
        }
        change(runOf: session) { $0.words = timeline.words }
        core.schedule.plan(timeline, of: session, from: time)
    }

    /// Adds to what was heard of a part.
    mutating func hear(_ bytes: [UInt8], _ key: ScriptedPartKey, _ session: String) { change(runOf: session) { $0.hear(bytes, key) } }

    mutating func plan(_ act: ScriptedAct, of session: String, at time: Int64) { core.schedule.plan(act, of: session, at: time) }

    /// Of the script that plays; 0: everything at once.
    func wordsPerSecond(of session: String) -> Int { run(of: session)?.script.isFlood == true ? 0 : options.wordsPerSecond }

    /// A delay of the server itself.
    func pace(_ milliseconds: Int64, _ session: String) -> Int64 { wordsPerSecond(of: session) == 0 ? 0 : milliseconds }

    static func array(_ items: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        for (place, item) in items.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += item
        }
        return bytes + [UInt8(ascii: "]")]
    }
}
