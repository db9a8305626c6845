// What a stop has still to stop, as the log has it now. A stop is for the turn that ran when it was accepted and for the prompt that was
// under way then: as long as nobody knows what became of that prompt, or which turn it began, the stop is not over. Where there was neither
// (2.x runs, and has not told yet whether the last turn goes on), it is for that, and for no turn that begins later.

/// Read before each try.
public struct StopTarget: Sendable, Equatable {
    enum Prompt: Sendable { case none, unsettled, taken }

    /// The turn that it names runs, or the one that its prompt began, or what ran when neither was known.
    var isOpen = false
    /// A prompt that no turn has taken up yet: its command is not settled, or OpenCode has confirmed it.
    var prompt = Prompt.none

    enum Step: Sendable, Equatable {
        case attempt(CommandRun.Attempt)
        case wait
        case lapse
    }

    var step: Step {
        switch (prompt, isOpen) {
        case (.none, true): .attempt(.final)
        case (.none, false): .lapse
        case (.unsettled, true): .attempt(.untilSettled)
        case (.unsettled, false): .wait
        // OpenCode takes a prompt before it begins to run: until then there is nothing that a stop would hit.
        case (.taken, _): .attempt(.untilStopped)
        }
    }
}

/// The newest prompt of a session that was not refused, as its row has it.
struct NewestPrompt: Sendable, Equatable {
    var state: CommandState
    /// The message that it has, or will have.
    var message: String?
    var updated: Int64

    /// Until it is settled, and for a while after OpenCode has confirmed it, as long as no turn has taken it up.
    func isUnderWay(now: Int64, isTakenUp: Bool) -> Bool { !state.isFinal || state == .done && mayBegin(now: now, isTakenUp: isTakenUp) }

    /// A turn may still take it up; one that is uncertain may have been on its way.
    func mayBegin(now: Int64, isTakenUp: Bool) -> Bool {
        guard message != nil, !isTakenUp, state != .refused else { return false }
        // A row of an earlier life, when the clock was ahead, says nothing of how long ago it was.
        return !state.isFinal || (0..<CommandLimits.promptGraceMilliseconds).contains(now - updated)
    }
}
