// An execution: what is due and when, what is open, and where the script stands. Only what waits for a person, or for a child session, holds it up.

struct ScriptedRun: Sendable {
    /// An open part and what was heard of it.
    struct OpenPart: Sendable {
        let key: ScriptedPartKey
        let place: Int
        var heard = ""
    }

    var script = Script(rounds: [])
    var round = 0
    /// The assistant message of the step; empty between steps.
    var message = ""
    var isStreaming = false
    var openParts: [OpenPart] = []
    var calls: [ScriptedCall] = []
    /// Words of the step.
    var words = 0
    var files: [String] = []
    private var agenda: [(time: Int64, act: ScriptedAct)] = []

    /// When the next act is due; nil while it waits for somebody.
    var due: Int64? { agenda.first?.time }

    /// Whether the next act is one that is played as fast as it is taken.
    var isFlooding: Bool {
        guard case .flood = agenda.first?.act else { return false }
        return true
    }

    mutating func plan(_ act: ScriptedAct, at time: Int64) {
        let place = agenda.lastIndex { $0.time <= time }.map { $0 + 1 } ?? 0
        agenda.insert((time, act), at: place)
    }

    mutating func plan(_ timeline: ScriptedTimeline, from time: Int64) {
        for (microseconds, act) in timeline.acts { plan(act, at: time + Int64(microseconds / 1000)) }
        words = timeline.words
    }

    mutating func takeNext() -> (time: Int64, act: ScriptedAct)? { agenda.isEmpty ? nil : agenda.removeFirst() }

    /// Puts the rest of a flood back in front; nothing that follows happens before now.
    mutating func goOnWithFlood(_ rest: ScriptedAct?, at now: Int64) {
        let late = agenda.first.map { max(0, now - $0.time) } ?? 0
        if late > 0 { for place in agenda.indices { agenda[place].time += late } }
        if let rest { agenda.insert((now, rest), at: 0) }
    }

    /// Whatever was planned will not happen.
    mutating func clearAgenda() { agenda = [] }
}
