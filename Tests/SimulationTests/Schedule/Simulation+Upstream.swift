// OpenCode, the people who use it, and the commands that go through Reprise.

import OpenCode
import RelayProtocol
import Wire

@testable import EventLog
@testable import ScriptedOpenCode
@testable import Sessions

extension Simulation {
    private static let mostTries = 30

    // What comes from outside and what goes wrong.

    func disturbUpstream() {
        guard let openCode else { return }
        if kind.asks, cards.chance(perMille: 600) { return disturbCards(openCode) }
        switch random.number(0...99) {
        case 0..<45: ask()
        case 45..<60: speakDirectly(openCode)
        case 60..<72: if let stream = life?.agent?.link.stream { openCode.cut(stream) }
        case 72..<84: if let place = openCode.calls.indices.randomElement(using: &random) { lose(place, openCode) }
        case 84..<88: killOpenCode(openCode)
        default: subscribe()
        }
    }

    private func lose(_ place: Int, _ openCode: OpenCodeModel) {
        now += 1
        openCode.lose(place, arrives: random.chance(perMille: 500), now)
    }

    private func killOpenCode(_ openCode: OpenCodeModel) {
        guard openCode.isUp else { return }
        openCode.kill(now)
        timers.add(at: now + Int64(random.number(1...20_000))) { openCode.restart() }
    }

    private func speakDirectly(_ openCode: OpenCodeModel) {
        asked += 1
        now += 1
        guard let session = random.pick(openCode.agent.sessionIDs), random.chance(perMille: 800) else {
            return openCode.createDirectly(now)
        }
        openCode.promptDirectly(session, "by hand \(asked)", now)
    }

    private func ask() {
        asked += 1
        let id = CommandID("c\(asked)")
        guard let session = random.pick(sessions), random.chance(perMille: 850) else {
            let create = CommandRequest.Ask.create(
                asked: nil, directory: .success("/home/dev/project"), title: nil, agent: nil, model: nil)
            return askings.append(RetriedCommand(request: CommandRequest(session: nil, id: id, by: "owner", ask: create)))
        }
        let words = random.chance(perMille: 400) ? "do it twice" : "say it"
        let prompt = CommandRequest.Ask.prompt(parts: Array(#"[{"type":"text","text":"\#(words)"}]"#.utf8), agent: nil, model: nil)
        let what = random.chance(perMille: 150) ? CommandRequest.Ask.stop(turn: nil) : prompt
        askings.append(RetriedCommand(request: CommandRequest(session: session, id: id, by: "owner", ask: what)))
    }

    // Commands.

    func submit(_ place: Int, _ life: RelayInstance) {
        guard let agent = life.agent else { return }
        askings[place].isAsked = true
        askings[place].tries += 1
        let (request, replies) = (askings[place].request, life.replies)
        agent.commands.submit(request) { replies.post(CommandReply(id: request.id?.text ?? "", result: $0)) }
    }

    /// A reply may be lost on its way; then the same command is given again.
    func take(_ reply: CommandReply) {
        guard let place = askings.firstIndex(where: { $0.request.id?.text == reply.id }) else { return }
        let isLost = !isHealing && random.chance(perMille: 150)
        let isAgain: Bool
        switch reply.result {
        case .success where askings[place].isConflict:
            return report("P7: the command \(reply.id) was taken once more, as something else")
        case .success(let answer):
            isAgain = isLost
            check(answer, place)
        case .failure(let problem):
            isAgain = isLost || problem.code == .upstreamUnavailable || problem.code == .storageFailed
            check(problem, place)
        }
        askings[place].isAsked = false
        askings[place].again = now + 2000
        guard isAgain, askings[place].tries < Self.mostTries else {
            let asking = askings.remove(at: place)
            if case .success = reply.result { accepted.append(asking.request) }
            return
        }
    }

    /// P7: who asks again is told of the same command, and what was settled stays.
    private func check(_ answer: CommandAnswer, _ place: Int) {
        let id = askings[place].request.id?.text ?? ""
        defer { told[id] = answer }
        guard let before = told[id] else { return }
        let isSettled = before.state.isFinal && (before.state != answer.state || before.result != answer.result)
        if !answer.isReplay || before.created != answer.created || isSettled {
            report("P7: the command \(id) was told as \(before.state), and again as \(answer.state)")
        }
    }

    /// What was taken once is known by its id, and by what it was.
    private func check(_ problem: Problem, _ place: Int) {
        let id = askings[place].request.id?.text ?? ""
        guard told[id] != nil, problem.code != .storageFailed else { return }
        if problem.code != .commandConflict || !askings[place].isConflict {
            report("P7: the command \(id) was taken, and is refused as \(problem.code.rawValue) when it comes again")
        }
    }

    /// Sessions that the log knows, and of which words were said before the newest stream was opened.
    var unheard: Set<String> {
        guard let openCode, let disk = life?.log.disk else { return [] }
        return openCode.unheard.filter { disk.fold($0)?.messages.isEmpty == false }
    }

    // At the end.

    /// Everything that goes on by itself has come to its end.
    var isUpstreamQuiet: Bool {
        guard let openCode else { return true }
        guard let life, life.jobs.isEmpty, !life.readers.contains(where: \.isAtWork) else { return false }
        guard let agent = life.agent, askings.isEmpty, openCode.isUp, openCode.nextTime == nil, openCode.calls.isEmpty else {
            return false
        }
        return agent.isQuiet && life.log.disk.commands.allSatisfy(\.state.isFinal)
    }

    func checkUpstream() {
        guard let openCode, let disk = life?.log.disk, let adapter = life?.agent?.link.adapter else { return }
        for fault in openCode.faults { report(fault) }
        checkCommands(openCode, disk)
        checkAbsences(disk)
        for session in openCode.agent.sessionIDs { compare(session, openCode, disk, adapter) }
    }

    /// P7: what was taken ran once, or its owner is told that nobody knows.
    private func checkCommands(_ openCode: OpenCodeModel, _ disk: Disk) {
        for request in accepted {
            let key = CommandKey(session: request.session, by: request.by, id: request.id?.text ?? "")
            guard disk.command(key) != nil else { return report("P7: the command \(key.id) was accepted and is not there") }
        }
        for command in disk.commands where command.kind == .prompt || command.kind == .create {
            guard let id = command.identifiers.first else { continue }
            let isCreate = command.kind == .create
            let count = isCreate ? openCode.agent.sessionIDs.count { $0 == id } : openCode.agent.count(ofPrompt: id)
            let steps = openCode.agent.steps(answering: id)
            if steps > OpenCodeModel.mostSteps { report("P7: the prompt \(id) is answered in \(steps) steps") }
            let isRight =
                switch command.state {
                case .done: count == 1
                case .refused: count == 0 || isCreate
                case .uncertain: count <= 1
                case .accepted, .sent: false
                }
            if !isRight { report("P7: the command \(command.key.id) is \(command.state) and stands \(count) times in OpenCode") }
        }
        // One that was made twice has another id.
        let most = openCode.createdDirectly + disk.commands.count { $0.kind == .create }
        let made = openCode.agent.sessionIDs.count
        if made > most { report("P7: \(made) sessions were made, and at most \(most) asked for") }
    }

    /// P5: each time in which OpenCode was not heard is told, in each session that it touched too, and told to be over; and no other.
    private func checkAbsences(_ disk: Disk) {
        let sessions = disk.topics.keys.filter { $0.kind == .session }.map(\.text).sorted()
        for topic in ["opencode"] + sessions {
            guard let name = TopicName(topic), let number = disk.state(name)?.number else { continue }
            let told = ToldOutages(history.lines[number] ?? [])
            for absence in absences.all where topic == "opencode" || absence.sessions.contains(topic) {
                if !told.cover(absence) {
                    report("P5: nothing was heard from \(absence.from) to \(absence.to), and \(topic) does not say so")
                }
            }
            if let from = told.unhealed.first { report("P5: \(topic) does not say that the outage from \(from) is over") }
            for (from, to) in told.ranges where !absences.has(from: from, to: to) {
                report("P5: \(topic) tells of an outage from \(from) to \(to), and there was none")
            }
        }
    }

    private func compare(_ session: String, _ openCode: OpenCodeModel, _ disk: Disk, _ adapter: any UpstreamAdapter) {
        let read = UpstreamCheck.read(session, adapter) { openCode.answerNow($0, now) }
        guard let read, let fold = disk.fold(session) else { return report("P5: \(session) is in OpenCode only") }
        let record = TopicName(session).flatMap { disk.topics[$0]?.record }
        guard record?.first == UInt8(ascii: "+") else { return }
        compared += 1
        if kind.asks { checkCards(session, openCode, fold) }
        for difference in UpstreamCheck(cutShort: openCode.cutShort).differences(fold, read) { report("P5: \(session): \(difference)") }
    }

    /// P5: what is said was not known before, and a text lacks no word in silence.
    func checkHeals(_ before: Disk, _ transaction: MemoryTransaction) {
        for burst in transaction.order where burst.topic.name.kind == .session {
            var fold = before.topics[burst.topic.name]?.fold ?? FoldedSession()
            for index in burst.offsets.indices {
                let bytes = Array(burst.bytes[burst.start(ofLine: index)..<Int(burst.ends[index])])
                guard let line = try? EventLine.parse(bytes) else { continue }
                if kind.asks, let openCode, let fault = cardFault(line.event, fold, transaction.disk, openCode) { report(fault) }
                let isObject = line.event.origin != nil || line.event.kind == .message || line.event.kind == .part
                let digest = isObject && line.event.kind != .outage ? fold.digest : nil
                fold.apply(line.event)
                if let digest, digest == fold.digest {
                    report("P5: what is known is said: \(String(decoding: bytes.prefix(300), as: UTF8.self))")
                }
                if let fault = wording.fault(fold, after: line.event) { report(fault) }
            }
        }
    }
}
