// What follows from a read, once the healer has said how its objects differ: whether the turn goes on, has ended unheard or was cut short;
// which cards still stand. After it the translator knows the read's objects as said.

import RelayProtocol
import Wire

extension OpenCode1Translator {
    mutating func take(_ read: SessionRead, now: Int64) {
        if read.isGone { return gone() }
        let news = unheardPrompts(read)
        absorb(read)
        guard let status = read.status else { return }
        noteUnlisted(read)
        if status == .idle {
            isDoubtful = true
            settleIdle(read, news)
        } else {
            isDoubtful = false
            settleBusy(status, read, news)
        }
        settleCards(read)
    }

    private mutating func gone() {
        guard !isRemoved else { return }
        if isTurnOpen { end(.interrupted) } else { withdrawCards() }
        forget()
    }

    /// Users' messages that the log learns by this read, if they are no history: those since the last one that it had.
    private func unheardPrompts(_ read: SessionRead) -> [String] {
        guard let newest = messages.newest ?? (known.isWhole ? 0 : nil) else { return [] }
        return read.messages.filter { messages[$0.id] == nil && $0.created >= newest && !isForked($0.created) && isUser($0) }.map(\.id)
    }

    private func isUser(_ message: MessageRead) -> Bool { (try? JSON.parse(message.object))?["role"]?.says("user") == true }

    // The turn.

    private mutating func settleIdle(_ read: SessionRead, _ news: [String]) {
        if isTurnOpen {
            for prompt in news where turn?.prompts.contains(prompt) == false { turn?.prompts.append(prompt) }
            known.run.last = turn.flatMap { newestAnswer(read, of: $0) } ?? known.run.last
            end(endUnheard())
        } else {
            missedTurn(read, news)
        }
        say(status: .idle)
    }

    /// It ended while nobody listened: as its messages say, if they agree; else something cut it short.
    private func endUnheard() -> Turn.State {
        let last = known.run.last.flatMap { messages[$0] }
        if known.run.isAborted || last?.isAborted == true { return .stopped }
        guard let last, last.isCompleted else { return known.run.error == nil ? .interrupted : .failed }
        if last.finish == "tool-calls", last.error == nil, !last.parts.values.contains(where: \.isRefused) { return .interrupted }
        return outcome()
    }

    /// Prompts that were answered while nobody listened: one turn, over already.
    private mutating func missedTurn(_ read: SessionRead, _ news: [String]) {
        let prompts = known.prompts + news.filter { !known.prompts.contains($0) }
        guard let first = prompts.first, let begin = read.messages.firstIndex(where: { $0.id == first }) else {
            known.prompts = prompts
            return
        }
        let answers = read.messages[begin...].filter { messages[$0.id]?.isAssistant == true }
        guard let last = answers.last else {
            known.prompts = prompts
            return
        }
        known.run = OpenCode1Run()
        known.run.last = last.id
        known.prompts = []
        var missed = Turn(number: (turn?.number ?? 0) + 1, state: endUnheard(), prompts: prompts)
        if missed.state == .failed { missed.error = messages[last.id]?.error }
        turn = missed
        known.run = OpenCode1Run()
        say(.turn(missed))
    }

    private mutating func settleBusy(_ status: SessionStatus, _ read: SessionRead, _ news: [String]) {
        let running = runningPrompts(read)
        if isTurnOpen {
            // What runs is the next turn: the message that this one waited for was not its last.
            if known.run.isBusyAgain { end(outcome()) }
            known.run.stoppingSince = nil
            let added = news.filter { turn?.prompts.contains($0) == false }
            turn?.prompts += added
            if !added.isEmpty, let turn { say(.turn(turn)) }
        } else if isOver(read) {
            // The list of who is busy may lag a second or two behind a turn's end, and no idle would follow: frames will tell.
            (isDoubtful, doubtfulStatus) = (true, status)
            return
        } else {
            let taken = turn?.prompts ?? []
            known.prompts += running.filter { !taken.contains($0) && !known.prompts.contains($0) }
            openTurn()
        }
        if let turn, let last = newestAnswer(read, of: turn) {
            known.run.last = last
            if messages[last]?.isCompleted == false { messages[last]?.turn = turn.number }
        }
        say(status: status)
    }

    /// The prompts behind the last answer that ended for good, or that a turn had which was cut short.
    private func runningPrompts(_ read: SessionRead) -> [String] {
        var prompts: [String] = []
        for message in read.messages.reversed() {
            guard let known = messages[message.id] else { continue }
            if endsForGood(known) || known.turn != nil { break }
            if !known.isAssistant { prompts.append(message.id) }
        }
        return prompts.reversed()
    }

    private func endsForGood(_ message: OpenCode1Message) -> Bool {
        message.isAssistant && message.isCompleted && message.finish != "tool-calls" && message.finish != "unknown"
    }

    /// Nothing stands behind an answer that ended for good.
    private func isOver(_ read: SessionRead) -> Bool { read.messages.last.flatMap { messages[$0.id] }.map(endsForGood) == true }

    /// The last assistant message behind the turn's first prompt.
    private func newestAnswer(_ read: SessionRead, of turn: Turn) -> String? {
        let begin = read.messages.firstIndex { turn.prompts.contains($0.id) } ?? read.messages.endIndex
        let after = read.messages[begin...].last { messages[$0.id]?.isAssistant == true }
        return (after ?? read.messages.last { messages[$0.id]?.turn == turn.number })?.id
    }

    // Objects.

    private mutating func absorb(_ read: SessionRead) {
        if let directory = read.directory { known.directory = directory }
        if let value = read.row.flatMap({ try? JSON.parse($0) }) {
            isRemoved = false
            isKnown = true
            born = value["created"]?.int
            row = OpenCode1Words.RowPrint(value)
            waitingRow = nil
        }
        for message in read.messages { absorb(message) }
        if let tasks = read.tasks { tasksPrint = Fingerprint(tasks) }
    }

    private mutating func absorb(_ read: MessageRead) {
        guard let object = try? JSON.parse(read.object) else { return }
        var message = OpenCode1Message(object)
        if let before = messages[read.id] {
            message.created = before.created
            message.turn = before.turn
            message.parts = before.parts
        }
        let said = try? JSON.parse(OpenCode1Words.message(read: object, created: message.created, turn: message.turn))
        message.print = said.map { OpenCode1Words.fingerprint($0) } ?? 0
        for part in read.parts { absorb(part, into: &message) }
        messages.add(read.id, message)
    }

    private mutating func absorb(_ read: PartRead, into message: inout OpenCode1Message) {
        guard let object = try? JSON.parse(read.object) else { return }
        var part = OpenCode1KnownPart(object, grown: [])
        part.isUnheard = part.kind == .text && part.isOpen && message.parts[read.id].map(\.isUnheard) ?? true
        if let before = message.parts[read.id], part.kind == .tool, part.stage <= before.stage, part.stage < 2 {
            if part.stage == before.stage { message.parts[read.id]?.output = PartRead.output(heard: before.output, read: part.output[...]) }
            return
        }
        message.parts[read.id] = part
        guard part.kind == .compaction else { return }
        compaction = part.stage == 1 ? (read.id, Array(object.raw)) : nil
    }

    // Cards.

    /// Before the turn is judged, whose end withdraws them all. What is listed is no answered one, but perhaps a ghost.
    private mutating func noteUnlisted(_ read: SessionRead) {
        if let listed = read.permissions.map({ Set($0.map(\.id)) }) {
            for card in permissions where !listed.contains(card.id) { unlisted[card.id] = [] }
        }
        if let listed = read.questions.map({ Set($0.map(\.id)) }) {
            for card in questions where !listed.contains(card.id) { unlisted[card.id] = card.isMultiple }
        }
    }

    /// A listed request without a card counts only if its tool runs and its session is busy: else it is a ghost.
    private mutating func settleCards(_ read: SessionRead) {
        if let listed = read.permissions {
            withdraw(permissions: permissions.map(\.id).filter { id in !listed.contains { $0.id == id } })
            for card in listed where isTurnOpen && isAlive(card) && !permissions.contains(where: { $0.id == card.id }) {
                ask(permission: card.id, card.object)
            }
        }
        if let listed = read.questions {
            withdraw(questions: questions.map(\.id).filter { id in !listed.contains { $0.id == id } })
            for card in listed where isTurnOpen && isAlive(card) { ask(question: card.id, card.object) }
        }
    }

    private func isAlive(_ card: CardRead) -> Bool {
        guard let tool = (try? JSON.parse(card.object))?["tool"], let message = tool["message"]?.string else { return true }
        return messages[message]?.parts.values.contains { $0.call == tool["call"]?.string && $0.stage < 2 } == true
    }
}
