// Executions: how a run begins, what it plays, where it may end. One execution answers every prompt that comes while it lasts.

import Wire

extension ScriptedAgent2 {
    private static let stepDelay: Int64 = 66
    private static let titleDelay: Int64 = 75
    /// What stands before the prompt of a child session.
    static let subagentPreface = "You are a subagent spawned by another session.\n"

    mutating func beginRun(of session: String, at now: Int64) {
        guard sessions[session]?.run == nil else { return }
        sessions[session]?.run = ScriptedRun()
        core.running.append(session)
        plan(.beginExecution, of: session, at: now + pace(5, session))
    }

    mutating func play(_ act: ScriptedAct, of session: String, at time: Int64) {
        switch act {
        case .beginExecution: beginExecution(session, time)
        case .instruct: instruct(session, time)
        case .deliver: deliverFirst(session, time)
        case .rename(let title): rename(session, title, time)
        case .beginStep: beginStep(session, time)
        case .beginPart(let key): beginPart(key, session, time)
        case .delta(let key, let text): delta(key, text, session, time)
        case .flood: break
        case .endPart(let key, let text): endPart(key, text, session, time)
        case .beginInput(let call): beginInput(call, session, time)
        case .endInput(let id): endInput(id, session, time)
        case .endStream: endStream(session, time)
        case .startCalls: startCalls(session, time)
        case .work(let id): work(id, session, time)
        case .finish(let id): finishCall(id, session, time)
        case .endStep: endStep(session, time)
        case .retry(let attempt, let milliseconds, let failure): retry(attempt, milliseconds, failure, session, time)
        case .fail(let failure): failStep(failure, session, time)
        case .breakOff(let how): breakOff(how, session, time)
        case .goOnAfterBreak: goOnAfterBreak(session, time)
        case .nextRound: nextRound(session, time)
        case .interrupt(let resume): interrupt(session, resume: resume, time)
        case .closeStale: closeStale(session, time)
        case .breakStep: breakStep(session, time)
        case .store, .progress, .closeMessage, .sumUp, .sumUpPrompt, .settleAbort, .settleFailure, .tellDisposed: break
        }
    }

    private mutating func beginExecution(_ session: String, _ time: Int64) {
        emit("session.execution.started", of: session, at: time, isLocated: false) { $0.member("sessionID", session) }
        sessions[session]?.isUnsettled = true
        if sessions[session]?.run?.isResumed == true { return resume(session, time) }
        closeStale(session, time)
        guard let agent = sessions[session]?.agent ?? Optional("build"), Self.agents.contains(agent) else {
            let name = sessions[session]?.agent ?? ""
            return endExecution(.failed(Self.error("unknown", "Agent not found: \"\(name)\"")), session, time)
        }
        // Whatever comes until it looks is taken up too.
        guard sessions[session]?.inbox.isEmpty == false else { return plan(.deliver, of: session, at: time + pace(3, session)) }
        let isFirst = sessions[session]?.isInstructed == false
        if isFirst { plan(.instruct, of: session, at: time + pace(15, session)) }
        plan(.deliver, of: session, at: time + pace(isFirst ? 19 : 4, session))
    }

    private mutating func resume(_ session: String, _ time: Int64) {
        let text = "The server restarted while you were working. Continue from where you left off without repeating completed work."
        addSynthetic(text, description: "Continuing after restart", session, time)
        plan(.closeStale, of: session, at: time + pace(Self.stepDelay - 6, session))
        answer(text, session, time + pace(Self.stepDelay, session))
    }

    private mutating func instruct(_ session: String, _ time: Int64) {
        sessions[session]?.isInstructed = true
        emit("session.instructions.updated", of: session, at: time, .durable(version: 2), isInitial: true) { data in
            data.member("sessionID", session)
            data.member(
                "delta",
                raw: Array(#"{"core/environment":"6dd94125920bd1a769f4576a68bebb88","core/date":"1a2867dfb6d20b9333899d1a2f3ebf58"}"#.utf8))
        }
    }

    /// All that steers at once, else the first that is queued.
    private mutating func deliverFirst(_ session: String, _ time: Int64) {
        let waiting = sessions[session]?.inbox.first { $0.delivery == "steer" && $0.kind == .user }
        guard let text = deliverSteers(session, time) ?? deliverQueued(session, time) else {
            return endExecution(.succeeded, session, time)
        }
        if let model = sessions[session]?.model.flatMap({ try? JSON.parse($0) }), let id = model["id"]?.string, !Self.models.contains(id) {
            let name = "\(model["providerID"]?.string ?? "")/\(id)"
            return endExecution(.failed(Self.error("provider.no-route", "Model unavailable: \(name)")), session, time)
        }
        if sessions[session]?.title == nil, sessions[session]?.parent == nil {
            plan(.rename(ScriptTexts.title(of: waiting?.text ?? text)), of: session, at: time + pace(Self.titleDelay, session))
        }
        answer(text, session, time + pace(Self.stepDelay, session))
    }

    private mutating func deliverSteers(_ session: String, _ time: Int64) -> String? {
        let steers = sessions[session]?.inbox.filter { $0.delivery == "steer" } ?? []
        // One after the other: whoever orders messages by their time must not have to go by their ids.
        for (place, item) in steers.enumerated() { deliver(item, session, time + pace(Int64(place), session)) }
        return steers.last { $0.kind == .user }?.text ?? steers.last?.text
    }

    private mutating func deliverQueued(_ session: String, _ time: Int64) -> String? {
        guard let item = sessions[session]?.inbox.first(where: { $0.delivery == "queue" }) else { return nil }
        deliver(item, session, time)
        return item.text
    }

    private mutating func deliver(_ item: ScriptedInboxItem, _ session: String, _ time: Int64) {
        sessions[session]?.inbox.removeAll { $0.id == item.id }
        prompts[item.id]?.created = time
        let kind = item.kind == .user ? ScriptedRow.Kind.user(item.payload) : .synthetic(item.text, description: nil)
        sessions[session]?.rows.append(ScriptedRow(id: item.id, created: time, kind: kind))
        emit("session.inbox.delivered", of: session, at: time) { data in
            data.member("sessionID", session)
            data.member("inboxID", item.id)
        }
    }

    private mutating func rename(_ session: String, _ title: String, _ time: Int64) {
        emitUsage(of: session, at: time, input: 100, output: ScriptedTimeline.tokens(title).count)
        // A record of the usage is counted, but only written to the log.
        sessions[session]?.sequence += 1
        setTitle(ScriptTexts.trimmed(title), of: session, at: time)
    }

    mutating func setTitle(_ title: String, of session: String, at time: Int64) {
        sessions[session]?.title = title
        sessions[session]?.updated = time
        emit("session.renamed", of: session, at: time) { data in
            data.member("sessionID", session)
            data.member("title", title)
        }
    }

    mutating func answer(_ text: String, _ session: String, _ time: Int64) {
        let asked = text.hasPrefix(Self.subagentPreface) ? String(text.dropFirst(Self.subagentPreface.count)) : text
        sessions[session]?.run?.script = core.choose(asked)
        sessions[session]?.run?.round = 0
        planRound(session, time)
    }

    /// A step is over: what steers comes first, then the rest of the script, then what is queued.
    mutating func goOn(_ session: String, _ time: Int64) {
        guard let run = sessions[session]?.run else { return }
        let hasMore = run.round + 1 < run.script.rounds.count
        if let text = deliverSteers(session, time) { return answer(text, session, time + pace(55, session)) }
        if hasMore { return nextRound(session, time + pace(55, session)) }
        if !run.isSteered, let text = deliverQueued(session, time) { return answer(text, session, time + pace(20, session)) }
        endExecution(.succeeded, session, time)
    }
}
