// Acts are played when they are due, floods as fast as somebody takes them.

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
}
