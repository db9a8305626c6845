// Turns and status. A turn opens at the first busy or retry and ends at an idle whose last message is complete; after an abort idle comes
// first and the rest up to 0.3 s later, so the turn is `stopping` until the message is completed, or a read has decided.

import RelayProtocol
import Wire

extension OpenCode1Translator {
    /// After so long (ms) one read decides whether a stopping turn is over.
    static let stoppingPatience: Int64 = 5000
    /// So many answers in a row without a finish reason are a runaway.
    static let unfinishedLimit = 3

    mutating func statusChanged(_ properties: JSONValue, _ now: Int64) {
        guard let status = OpenCode1Words.status(properties["status"]) else { return }
        guard isKnown else {
            if status != .idle { wantRead(for: session) }
            return
        }
        if status == .idle { idle(now) } else { busy(status) }
    }

    private mutating func busy(_ status: SessionStatus) {
        if isTurnOpen, known.run.stoppingSince != nil {
            known.run.isBusyAgain = true
            return
        }
        if !isTurnOpen {
            if isDoubtful {
                doubtfulStatus = status
                return
            }
            openTurn()
        }
        say(status: status)
    }

    /// A message came that the read did not have: what was held of the status is newer too.
    mutating func doubtIsOver() {
        isDoubtful = false
        guard let status = doubtfulStatus else { return }
        doubtfulStatus = nil
        busy(status)
    }

    mutating func openTurn() {
        let turn = Turn(number: (turn?.number ?? 0) + 1, state: .started, prompts: known.prompts)
        self.turn = turn
        known.prompts = []
        known.run = OpenCode1Run()
        lastError = nil
        say(.turn(turn))
    }

    private mutating func idle(_ now: Int64) {
        doubtfulStatus = nil
        guard isTurnOpen else { return say(status: .idle) }
        guard let last = known.run.last, messages[last]?.isCompleted == false else { return end(outcome()) }
        // Another stop says idle once more before the message is whole: a turn that ended there would leave it open for good, if that was missed.
        guard known.run.stoppingSince == nil else { return }
        known.run.stoppingSince = now
        say(status: .stopping)
        wish(.wake(at: now + Self.stoppingPatience))
    }

    mutating func say(status: SessionStatus) {
        guard status != self.status else { return }
        self.status = status
        say(.status(status))
    }

    /// A prompt goes to the open turn, or to the next one.
    mutating func tookUp(_ prompt: String) {
        guard isTurnOpen, known.run.stoppingSince == nil else {
            if turn?.prompts.contains(prompt) != true, !known.prompts.contains(prompt) { known.prompts.append(prompt) }
            return
        }
        guard turn?.prompts.contains(prompt) == false else { return }
        turn?.prompts.append(prompt)
        if let turn { say(.turn(turn)) }
    }

    /// The first rule that fits.
    func outcome() -> Turn.State {
        let last = known.run.last.flatMap { messages[$0] }
        if known.run.isAborted || last?.isAborted == true { return .stopped }
        if known.run.error != nil || last?.error != nil { return .failed }
        return last?.finish == "tool-calls" ? .stopped : .done
    }

    /// Cards, sums, turn, status, in this order.
    mutating func end(_ state: Turn.State) {
        guard var turn, turn.state == .started else { return }
        sayHeldBack(now: .max)
        withdrawCards()
        sayWaitingRow()
        turn.state = state
        turn.error = state == .failed ? known.run.last.flatMap { messages[$0]?.error } ?? known.run.error : nil
        self.turn = turn
        say(.turn(turn))
        let goesOn = known.run.isBusyAgain && state != .interrupted
        known.run = OpenCode1Run()
        if goesOn {
            openTurn()
            say(status: .busy)
        } else {
            say(status: .idle)
        }
    }

    // Errors.

    mutating func failed(_ properties: JSONValue) {
        guard let error = properties["error"], error.isObject else { return }
        if OpenCode1Words.isAbort(error) {
            if isTurnOpen { known.run.isAborted = true }
            return
        }
        let message = OpenCode1Words.message(of: error)
        guard !isEcho(message, of: error) else { return }
        lastError = message
        let object = OpenCode1Words.error(error)
        if isTurnOpen {
            if known.run.error == nil { known.run.error = object }
        } else if isKnown {
            say(.error(object))
        }
    }

    /// The same failure once more, as the server's own exception: `Name: message`, or nothing but names.
    private func isEcho(_ message: ArraySlice<UInt8>, of error: JSONValue) -> Bool {
        guard let last = lastError else { return false }
        if message.count >= last.count, message.suffix(last.count) == last { return true }
        guard let name = error["name"]?.rawText else { return false }
        return message.elementsEqual(Array(name) + Array(": ".utf8) + Array(name))
    }

    /// A provider that ends without a reason makes OpenCode start message after message.
    mutating func completed(_ message: OpenCode1Message) {
        guard message.finish == "unknown" else {
            known.run.unfinished = 0
            return
        }
        known.run.unfinished += 1
        guard known.run.unfinished == Self.unfinishedLimit else { return }
        say(
            .notice(
                kind: "runaway",
                text: "The model's answers end without a reason, and OpenCode starts one after the other. Stop the session if this goes on."
            ))
    }
}
