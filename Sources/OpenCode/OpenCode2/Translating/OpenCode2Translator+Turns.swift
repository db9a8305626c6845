// Turns: opened by an execution's start, closed by its end, whatever the reason. One execution may take up many prompts.

import RelayProtocol
import Wire

extension OpenCode2Translator {
    mutating func execution(_ type: String, _ frame: OpenCode2Frame, _ data: JSONValue) {
        isFresh = false
        switch type {
        case "session.execution.started": executionStarted()
        case "session.execution.succeeded": endTurn(.done)
        case "session.execution.failed": endTurn(.failed, error: data["error"].map(OpenCode2Words.error))
        case "session.execution.interrupted" where data["reason"]?.says("shutdown") == true:
            endTurn(run.isDeclined ? .stopped : .interrupted)
            run.awaitsActive = true
            wish(.read)
        // `user`, `superseded`, `inactivity`, and what may be added.
        case "session.execution.interrupted": endTurn(.stopped)
        default: say(.upstream(OpenCode2Words.carried(frame.whole)))
        }
    }

    private mutating func executionStarted() {
        if isOfClosedRun { return }
        run.isDeclined = false
        run.awaitsActive = false
        if run.isOpen {
            if isHeldStart { return startTurnAfterAll() }
            // The start of a run that was heard of before it: OpenCode was restarted and goes on.
            if run.turn?.resumed == false { reopenTurn() }
            setStatus(.busy)
        } else if run.mayGoOn {
            run.isUndecided = true
            run.isClosedByRead = false
            setStatus(.busy)
        } else {
            openTurn()
        }
    }

    mutating func openTurn(isResumed: Bool = false) {
        let turn = Turn(number: (run.turn?.number ?? 0) + 1, state: .started, resumed: isResumed)
        run = OpenCode2Run()
        run.turn = turn
        say(.turn(turn))
        setStatus(.busy)
    }

    /// The start of a run that a read has found running: it was held, and not missed.
    private mutating func startTurnAfterAll() {
        run.resumedThrough = nil
        run.turn?.resumed = false
        if let turn = run.turn { say(.turn(turn)) }
    }

    /// The last turn goes on, by itself.
    mutating func reopenTurn() {
        guard var turn = run.turn else { return openTurn(isResumed: true) }
        turn.state = .started
        turn.resumed = true
        turn.error = nil
        run = OpenCode2Run()
        run.turn = turn
        say(.turn(turn))
        setStatus(.busy)
    }

    /// A step, or OpenCode's own note, without a turn: the run that was interrupted goes on, or one whose start was not heard.
    mutating func resumeTurn() {
        guard !run.isOpen, !isOfClosedRun else { return }
        if run.mayGoOn { reopenTurn() } else { openTurn(isResumed: true) }
    }

    /// A prompt that a run took up.
    mutating func takeUp(_ prompt: String) {
        if !run.isOpen {
            if isOfClosedRun, run.turn?.prompts.contains(prompt) == true { return }
            openTurn()
        }
        guard var turn = run.turn, !turn.prompts.contains(prompt) else { return }
        turn.prompts.append(prompt)
        run.turn = turn
        say(.turn(turn))
    }

    /// In this order: cards, sums, turn, status.
    mutating func endTurn(_ state: Turn.State, error: [UInt8]? = nil) {
        if run.isUndecided { openTurn() }
        removeRetry()
        withdrawCards()
        sayRow(isTurnOver: true)
        if var turn = run.turn, run.mayEnd {
            turn.state = state
            turn.error = error
            run.turn = turn
            say(.turn(turn))
        }
        run.isDeclined = false
        run.isClosedByRead = false
        setStatus(.idle)
        messages.removeWhole()
    }

    /// The newest answer's retry, if that answer is still open: upstream drops it with the run's end.
    private mutating func removeRetry() {
        guard let id = messages.newestAnswer, let open = messages[id], open.message.completed == nil else { return }
        removePart("\(id).retry", of: id)
    }

    mutating func removePart(_ part: String, of message: String) {
        guard messages[message]?.parts.removeValue(forKey: part) != nil else { return }
        say(.partRemoved(part))
    }
}
