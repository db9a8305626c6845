// Each time that OpenCode was not heard is told: in the topic `opencode`, and in the topic of each session that was busy.

struct AbsenceCheck {
    let histories: [String: TopicHistory]
    let sessions: [String]

    func faults(of absences: [Absence]) -> [String] {
        let told = histories["opencode"]?.outages ?? []
        return absences.flatMap { absence -> [String] in
            let what = "\(absence.cause.rawValue) at \(absence.time)"
            guard let outage = told.last(where: { $0.covers(absence) }) else { return ["\(what): no outage in opencode"] }
            guard outage.isHealed else { return ["\(what): not healed in opencode"] }
            return sessions.compactMap { session in
                guard let history = histories[session], wasBusy(history, absence, until: outage.to) else { return nil }
                let said = history.outages.filter { $0.covers(absence) }
                guard let last = said.last else { return "\(what): no outage in \(session), which was busy" }
                return last.isHealed ? nil : "\(what): not healed in \(session)"
            }
        }
    }

    /// What Reprise had in its sockets when OpenCode was gone may have ended the turn.
    private func wasBusy(_ history: TopicHistory, _ absence: Absence, until end: Int64) -> Bool {
        guard history.status(at: absence.time) != "idle" else { return false }
        return absence.cause != .killOfOpenCode || !history.becameIdle(after: absence.time, until: end)
    }

    /// How many of the absences found an answer under way.
    func busy(_ absences: [Absence]) -> Int {
        absences.count { absence in sessions.contains { histories[$0]?.status(at: absence.time) != "idle" } }
    }
}
