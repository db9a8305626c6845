// A round of a run: what the model does in it is laid out in time and planned.

extension ScriptedMachine {
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
}
