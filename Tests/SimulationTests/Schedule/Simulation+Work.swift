// Which part goes on next, and how far.

import Broker
import EventLog
import RelayProtocol
import RepriseClient

extension Simulation {
    enum Part {
        case writer
        case look(Int)
        case tell(Int)
        case loop(Int)
        case writable(Int)
        case client(Int)
        case publisher(Int)
        case answers
        case agent
        case stream
        case call(Int)
        case asking(Int)
        case replies
    }

    /// False when nobody has anything to do before a time comes.
    func work() -> Bool {
        guard let part = random.pick(parts) else { return false }
        note(UInt64(random.next()))
        tell("\(part)")
        carryOn(part)
        return true
    }

    private var parts: [Part] {
        var parts: [Part] = []
        for place in clients.indices where clients[place].hasWork { parts.append(.client(place)) }
        for place in openCode?.calls.indices ?? 0..<0 { parts.append(.call(place)) }
        guard let life else { return parts }
        if let agent = life.agent {
            if agent.hasWork { parts.append(.agent) }
            if agent.link.hasWork { parts.append(.stream) }
        }
        if !life.replies.isEmpty { parts.append(.replies) }
        for (place, asking) in askings.enumerated() where !asking.isAsked && asking.again <= now { parts.append(.asking(place)) }
        if life.log.hasWork { parts.append(.writer) }
        let isAsked = !life.jobs.isEmpty || life.loops.contains { !$0.questions.isEmpty }
        for (place, reader) in life.readers.enumerated() {
            if reader.isAtWork { parts.append(.tell(place)) } else if isAsked { parts.append(.look(place)) }
        }
        for (place, loop) in life.loops.enumerated() {
            if loop.hasWork { parts.append(.loop(place)) }
            if !loop.writable.isEmpty { parts.append(.writable(place)) }
        }
        if !life.answers.isEmpty { parts.append(.answers) }
        for (place, publishing) in publishings.enumerated() where !publishing.isAsked && publishing.again <= now {
            parts.append(.publisher(place))
        }
        return parts
    }

    private func carryOn(_ part: Part) {
        switch part {
        case .client(let place): return clients[place].read(random.number(1...plan.pipeBytes))
        case .call(let place):
            // OpenCode does no two things at one time: its rows' `updated` tells them apart.
            now += 1
            openCode?.carryOn(place, now)
            life?.agent?.flush()
            return
        default: break
        }
        if let life { carryOn(part, life) }
    }

    private func carryOn(_ part: Part, _ life: RelayInstance) {
        switch part {
        case .client, .call: break
        case .agent: life.agent?.turn(notes: random.number(1...4))
        case .stream:
            life.agent?.link.read(random.number(1...4000))
            life.agent?.flush()
        case .asking(let place): submit(place, life)
        case .replies: if let reply = life.replies.takeFirst() { take(reply) }
        case .writer: life.log.step(failing: !isHealing && random.chance(perMille: plan.diskFailures) ? .diskFull : nil)
        case .look(let place): look(place, life)
        case .tell(let place): life.readers[place].tell()
        case .loop(let place): life.loops[place].turn(notices: random.number(0...6), events: random.number(0...3))
        case .writable(let place):
            if let pipe = random.pick(life.loops[place].writable) { life.loops[place].events.append(.writable(pipe)) }
        case .publisher(let place): publish(place, life)
        case .answers: if let answer = life.answers.takeFirst() { take(answer, life) }
        }
    }

    private func look(_ place: Int, _ life: RelayInstance) {
        guard let question = takeQuestion(life) else { return }
        guard let (request, answer) = life.readers[place].look(question, life.log.disk, now: life.log.now(), pageBytes: plan.pageBytes)
        else { return }
        check(request, answer, life.log.disk)
    }

    private func takeQuestion(_ life: RelayInstance) -> LogQuestion? {
        let asking = life.loops.filter { !$0.questions.isEmpty }
        let place = random.number(0...asking.count)
        if place < asking.count { return asking[place].questions.removeFirst() }
        return life.jobs.takeFirst().map { .job($0) } ?? asking.first?.questions.removeFirst()
    }

    /// P3.
    private func check(_ request: JudgeRequest, _ answer: Result<Start, Problem>, _ disk: Disk) {
        if request.topic.kind == .session, disk.state(request.topic) == nil { lacked.insert(request.topic) }
        guard case .success(let start) = answer else { return }
        let expected = StartTable(history: history, disk: disk).answer(request.topic, request.point)
        let first = start.lines.first?.bytes ?? []
        // Who has had its hello is told by the line that stands for what is missing.
        let said = request.isInBand ? ControlLine.saidInBand(first) : ControlLine.saidStart(first)
        if said.start != expected.start.rawValue || said.reason != expected.reason?.rawValue {
            report("P3: a subscribe to \(request.topic) with \(request.point) is answered \(said), not \(expected)")
        }
    }

    /// P3, never a dead end: only who asks for a session that is not there is sent away for good.
    func checkEnd(of client: ClientModel, _ error: RepriseError) {
        if case .problem(_, ProblemCode.unknownSession.rawValue, _) = error, lacked.contains(client.topic) { return }
        report("P3: client \(client.number) of \(client.topic) is sent away: \(error)")
    }

    // Publishing.

    private func publish(_ place: Int, _ life: RelayInstance) {
        publishings[place].isAsked = true
        publishings[place].again = now + 5000
        let (key, answers) = (publishings[place].key, life.answers)
        life.log.requests.post(
            .append([publishings[place].append]) { result in
                let appended = (try? result.get())?.first
                answers.post(PublishAnswer(key: key, appended: appended))
            })
    }

    /// An answer may be lost on its way; then the publisher asks again.
    private func take(_ answer: PublishAnswer, _ life: RelayInstance) {
        guard let place = publishings.firstIndex(where: { $0.key == answer.key }) else { return }
        let isLost = !isHealing && random.chance(perMille: 100)
        guard let appended = answer.appended, !isLost else {
            publishings[place].isAsked = false
            return
        }
        check(publishings.remove(at: place), appended, life)
    }

    /// P4: what is answered stands where the answer says, as long as it stands at all.
    private func check(_ publishing: Publishing, _ appended: Appended, _ life: RelayInstance) {
        guard let first = history.place(publishing.topic, appended.first), let last = history.place(publishing.topic, appended.last) else {
            return report("P1: a publisher is told \(appended.first), which is not durable")
        }
        let wanted = publishing.payloads
        let found = (first.index...max(first.index, last.index)).compactMap { index in
            history.bytes(at: History.Place(topic: first.topic, index: index)).map { String(decoding: $0, as: UTF8.self) }
        }
        guard found.count == wanted.count, zip(found, wanted).allSatisfy({ $0.contains($1) }) else {
            return report("P4: what was published under \(publishing.key) does not stand at \(appended.first)")
        }
    }
}
