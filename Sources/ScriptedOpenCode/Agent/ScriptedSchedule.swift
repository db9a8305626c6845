// What is planned, session by session. An agenda belongs to a run and goes with it; what a server does beside a run (a title, a summary)
// stands aside and stays.

struct ScriptedSchedule: Sendable {
    private struct Lane: Hashable {
        let session: String
        let isAside: Bool
    }

    /// In the order in which they were opened.
    private var lanes: [Lane] = []
    private var agendas: [Lane: [(time: Int64, act: ScriptedAct)]] = [:]
    private var floodTurn = 0

    /// When the next act is due; floods do not count, and what stands behind one waits for it.
    var nextTime: Int64? {
        lanes.lazy.compactMap { lane in agendas[lane]?.first.flatMap { $0.act.flood == nil ? $0.time : nil } }.min()
    }

    var isFlooding: Bool { lanes.contains { agendas[$0]?.first?.act.flood != nil } }

    mutating func plan(_ act: ScriptedAct, of session: String, at time: Int64, aside isAside: Bool = false) {
        let lane = Lane(session: session, isAside: isAside)
        if agendas[lane] == nil { lanes.append(lane) }
        let place = agendas[lane]?.lastIndex { $0.time <= time }.map { $0 + 1 } ?? 0
        agendas[lane, default: []].insert((time, act), at: place)
    }

    mutating func plan(_ timeline: ScriptedTimeline, of session: String, from time: Int64) {
        for (microseconds, act) in timeline.acts { plan(act, of: session, at: time + Int64(microseconds / 1000)) }
    }

    /// Whatever was planned of a run will not happen.
    mutating func clear(_ session: String) { remove(Lane(session: session, isAside: false)) }

    mutating func clearAll() { self = ScriptedSchedule() }

    private mutating func remove(_ lane: Lane) {
        agendas[lane] = nil
        lanes.removeAll { $0 == lane }
    }

    /// What will be said next of an open part.
    func nextDelta(of key: ScriptedPartKey, _ session: String) -> String? {
        for (_, act) in agendas[Lane(session: session, isAside: false)] ?? [] {
            if case .delta(key, let text) = act { return text }
        }
        return nil
    }

    mutating func takeDue(_ now: Int64) -> (session: String, time: Int64, act: ScriptedAct)? {
        var earliest: (lane: Lane, time: Int64)?
        for lane in lanes {
            guard let first = agendas[lane]?.first, first.time <= now, first.act.flood == nil else { continue }
            if earliest.map({ first.time < $0.time }) ?? true { earliest = (lane, first.time) }
        }
        guard let lane = earliest?.lane, let first = takeFirst(lane) else { return nil }
        return (lane.session, first.time, first.act)
    }

    private mutating func takeFirst(_ lane: Lane) -> (time: Int64, act: ScriptedAct)? {
        let first = agendas[lane]?.removeFirst()
        if agendas[lane]?.isEmpty == true { remove(lane) }
        return first
    }

    /// Floods take turns.
    mutating func takeFlood() -> (session: String, flood: ScriptedFlood)? {
        for step in 1...max(1, lanes.count) {
            let place = (floodTurn + step) % max(1, lanes.count)
            guard place < lanes.count, let flood = agendas[lanes[place]]?.first?.act.flood else { continue }
            floodTurn = place
            let lane = lanes[place]
            _ = takeFirst(lane)
            return (lane.session, flood)
        }
        return nil
    }

    /// Puts the rest of a flood back in front; nothing that follows happens before now, however late it has become.
    mutating func goOn(_ rest: ScriptedFlood?, of session: String, at now: Int64) {
        let lane = Lane(session: session, isAside: false)
        let late = agendas[lane]?.first.map { max(0, now - $0.time) } ?? 0
        if late > 0 { agendas[lane] = agendas[lane]?.map { ($0.time + late, $0.act) } }
        guard let rest else { return }
        if agendas[lane] == nil { lanes.append(lane) }
        agendas[lane, default: []].insert((now, .flood(rest)), at: 0)
    }
}
