// The loop of a run: it says that it is busy, looks what is to be done, and either makes a message for the next step or is idle.

import Wire

extension ScriptedAgent1 {
    mutating func play(_ act: ScriptedAct, of session: String, at time: Int64) {
        if sessions[session]?.isDeleted == true, !isHarmless(act) { return fallOver(session, time) }
        switch act {
        case .store(let body): store(body, session, time)
        case .beginExecution: goOn(session, time)
        case .rename(let title): rename(session, title, time)
        case .sumUp(let prompt): sumUp(prompt, session, time)
        case .sumUpPrompt(let prompt): sumUpPrompt(prompt, session, time)
        case .nextRound: nextRound(session, time)
        case .closeMessage: closeMessage(session, time)
        case .settleAbort: settleAbort(session, time)
        case .tellDisposed: tellDisposed(session, time)
        case .settleFailure(let error): settleFailure(Array(error.utf8), session, time)
        default: playStep(act, session, time)
        }
    }

    private mutating func playStep(_ act: ScriptedAct, _ session: String, _ time: Int64) {
        switch act {
        case .beginStep: beginStep(session, time)
        case .beginPart(let key): beginPart(key, session, time)
        case .delta(let key, let text): delta(key, text, session, time)
        case .endPart(let key, let text): endPart(key, text, session, time)
        case .beginInput(let call): beginInput(call, session, time)
        case .endInput(let id): startCall(id, session, time)
        case .endStream: endStream(session, time)
        case .work(let id): work(id, session, time)
        case .progress(let id, let number): progress(id, number, session, time)
        case .finish(let id): finishCall(id, session, time)
        case .endStep: endStep(session, time)
        case .retry(let attempt, let milliseconds, let failure):
            tellRetry(attempt - 1, failure.message, after: milliseconds, session, time)
        case .fail(let failure): fail(failure, session, time)
        case .breakOff(let how): breakOff(how, session, time)
        default: break
        }
    }

    /// What a run of a deleted session still does.
    private func isHarmless(_ act: ScriptedAct) -> Bool {
        switch act {
        case .delta, .beginStep, .endStream: true
        default: false
        }
    }

    /// What waits is taken up together, and the last of it is answered; else the script goes on.
    mutating func goOn(_ session: String, _ time: Int64) {
        guard let row = sessions[session], let run = row.run else { return }
        tell(status: Self.busy, of: session, time)
        let isFirst = run.message.isEmpty
        let before = run.prompt
        if let prompt = row.waiting.last {
            sessions[session]?.waiting = []
            take(up: prompt, session, time)
        } else if isFirst || run.round + 1 >= run.script.rounds.count {
            return finish(session, time, summing: isFirst ? nil : before)
        } else {
            sessions[session]?.run?.round += 1
        }
        guard Self.models.contains(sessions[session]?.model?.id ?? "scripted") else { return refuseModel(session, time) }
        beginMessage(session, time)
        let prompt = isFirst ? sessions[session]?.run?.prompt ?? "" : before
        core.schedule.plan(.sumUp(prompt: prompt), of: session, at: time + (isFirst ? pace(25, session) : 0), aside: true)
        core.schedule.plan(.sumUpPrompt(prompt), of: session, at: time + pace(isFirst ? 25 : 20, session), aside: true)
        planRound(session, time + pace(isFirst ? 30 : 15, session))
    }

    private mutating func take(up prompt: String, _ session: String, _ time: Int64) {
        guard let row = sessions[session], let place = row.place(of: prompt) else { return }
        let text = row.messages[place].text
        sessions[session]?.run?.prompt = prompt
        sessions[session]?.run?.script = core.choose(text)
        sessions[session]?.run?.round = 0
        guard row.hasStandardTitle, row.parent == nil, !text.isEmpty else { return }
        sessions[session]?.hasStandardTitle = false
        let title = ScriptTexts.trimmed(ScriptTexts.title(of: text))
        core.schedule.plan(.rename(title), of: session, at: time + pace(35, session), aside: true)
    }

    private mutating func beginMessage(_ session: String, _ time: Int64) {
        guard let row = sessions[session], let run = row.run else { return }
        let id = core.identifiers.next("msg_", at: time)
        var message = ScriptedMessage1(
            id: id, session: session, role: .assistant, created: time, agent: row.agent ?? "build", model: row.model ?? .standard)
        message.parent = run.prompt
        message.directory = row.directory
        sessions[session]?.messages.append(message)
        sessions[session]?.run?.message = id
        tell(message: id, of: session, time)
    }

    private mutating func rename(_ session: String, _ title: String, _ time: Int64) {
        sessions[session]?.title = title
        sessions[session]?.updated = time
        tellRow(session, time)
    }

    mutating func sumUp(_ prompt: String, _ session: String, _ time: Int64) {
        sessions[session]?.isSummed = true
        sessions[session]?.updated = time
        tellRow(session, time)
        emit("session.diff", of: session, at: time) { $0.member("diff", raw: Array("[]".utf8)) }
    }

    mutating func sumUpPrompt(_ prompt: String, _ session: String, _ time: Int64) {
        guard let place = sessions[session]?.place(of: prompt) else { return }
        sessions[session]?.messages[place].isSummed = true
        tell(message: prompt, of: session, time)
    }

    /// The run is over. `summing`: the prompt of a step that was made.
    mutating func finish(_ session: String, _ time: Int64, summing prompt: String?) {
        tellIdle(session, time)
        endRun(session, time)
        guard let prompt else { return }
        core.schedule.plan(.sumUp(prompt: prompt), of: session, at: time, aside: true)
        core.schedule.plan(.sumUpPrompt(prompt), of: session, at: time + pace(12, session), aside: true)
    }

    mutating func endRun(_ session: String, _ time: Int64) {
        sessions[session]?.run = nil
        core.running.removeAll { $0 == session }
        core.schedule.clear(session)
        if let parent = sessions[session]?.parent { childEnded(session, parent, time) }
        if sessions[session]?.isDeleted == true { sessions[session] = nil }
    }

    private mutating func refuseModel(_ session: String, _ time: Int64) {
        let model = sessions[session]?.model
        let message = "Model not found: \(model?.provider ?? "")/\(model?.id ?? "")."
        tell(error: Self.unknownError(message), of: session, time)
        tellIdle(session, time)
        tell(error: Self.unknownError("ProviderModelNotFoundError: \(message)\n    at SessionPrompt.getModel"), of: session, time)
        endRun(session, time)
    }
}
