// After a read: its objects were compared with the log already, here the translator takes them over and judges turn, status and cards.
//
// The first read of a connection judges by what runs now. A later one is made while frames are held: what it shows may be told by them in a
// moment, so it takes over what is whole and closes nothing.

import RelayProtocol
import Wire

extension OpenCode2Translator {
    mutating func settle(_ read: SessionRead, now: Int64) -> Translation {
        out = Translation()
        let isFirst = isFresh
        isFresh = false
        guard !read.isGone else {
            if run.isOpen || run.isUndecided { endTurn(.interrupted) } else { withdrawCards() }
            isGone = true
            return out
        }
        isGone = false
        directory = read.directory ?? directory
        adoptRow(read)
        let isCaughtUp = adoptSequence(read)
        let news = adoptMessages(read)
        adoptInbox(read)
        judgeCards(read, isFirst: isFirst)
        judgeTurn(read, isFirst: isFirst, isCaughtUp: isCaughtUp, news: news)
        if !run.isOpen { messages.removeWhole() }
        return out
    }

    private mutating func adoptRow(_ read: SessionRead) {
        guard let object = read.row.flatMap({ try? JSON.parse($0) }) else { return }
        var row = OpenCode2Row(held: object)
        row.repository = row.repository ?? self.row?.repository
        row.branch = row.branch ?? self.row?.branch
        self.row = row
        saidRow = (row.essence, row.sums)
        saidUpdated = row.updated
    }

    /// Whether nothing durable happened that was not heard. A count below ours belongs to a session made anew.
    private mutating func adoptSequence(_ read: SessionRead) -> Bool {
        guard let contained = read.sequence else { return sequence == nil }
        if let heard = sequence, contained < heard { sequence = nil }
        readThrough = contained
        return sequence == contained
    }

    /// Cards that are listed are asked; those that are not any more went without a word.
    private mutating func judgeCards(_ read: SessionRead, isFirst: Bool) {
        for card in read.permissions ?? [] { ask(card, in: \.permissions, Event.permission) }
        for card in read.questions ?? [] { ask(card, in: \.questions, Event.question) }
        guard isFirst else { return }
        let asked = read.permissions.map { $0.map(\.id) } ?? permissions.map(\.id)
        withdrawCards(besides: Set(asked + (read.questions.map { $0.map(\.id) } ?? questions.map(\.id))))
    }

    private mutating func judgeTurn(_ read: SessionRead, isFirst: Bool, isCaughtUp: Bool, news: [String]) {
        guard let now = read.status else { return }
        let goesOn = run.awaitsActive && isCaughtUp
        run.awaitsActive = false
        switch (now != .idle, run.isOpen) {
        case (true, true): if isFirst { goOn(now, news) }
        case (true, false): if isFirst || goesOn { resume(read, now) }
        case (false, true): if isFirst { interrupt() }
        case (false, false):
            guard isFirst else { return }
            run.isUndecided = false
            setStatus(.idle)
        }
    }

    private mutating func goOn(_ now: SessionStatus, _ news: [String]) {
        for prompt in news { takeUp(prompt) }
        if status != .stopping { setStatus(now) }
    }

    /// It runs, and nobody told of its start. The newest prompt is this run's, unless the last turn had it.
    private mutating func resume(_ read: SessionRead, _ now: SessionStatus) {
        let earlier = run.turn?.prompts ?? []
        resumeTurn()
        setStatus(now)
        guard let prompt = read.messages.last(where: { isPrompt($0) })?.id, !earlier.contains(prompt) else { return }
        takeUp(prompt)
    }

    /// It was cut short by OpenCode's death, or ended while nobody listened; a frame that is held may still tell how.
    private mutating func interrupt() {
        endTurn(.interrupted)
        run.isClosedByRead = true
    }

    // Messages.

    /// Gives the prompts that were not known and stand behind the turn's last one.
    private mutating func adoptMessages(_ read: SessionRead) -> [String] {
        let last = run.turn?.prompts.last
        let isLastKnown = last.map(messages.isKnown) ?? false
        var isBehind = false
        var news: [String] = []
        for message in read.messages {
            if isBehind, isPrompt(message), !messages.isKnown(message.id) { news.append(message.id) }
            if message.id == last { isBehind = isLastKnown }
            adopt(message)
        }
        forgetMissing(read)
        return news
    }

    private func isPrompt(_ message: MessageRead) -> Bool {
        guard let object = try? JSON.parse(message.object) else { return false }
        return object["role"]?.says("user") == true && !message.parts.contains { $0.id.hasSuffix(".sh") }
    }

    /// What stood in the range that was read and is not there any more.
    private mutating func forgetMissing(_ read: SessionRead) {
        let ids = Set(read.messages.map(\.id))
        let oldest = read.isComplete ? Int.min : read.messages.first?.created ?? Int.max
        for place in messages.places where place.created > oldest && !ids.contains(place.id) { messages.remove(place.id) }
    }

    private mutating func adopt(_ read: MessageRead) {
        inbox.remove(read.id)
        guard let object = try? JSON.parse(read.object), var message = OpenCode2Message(object) else { return }
        let known = messages[read.id]
        message.created = known?.message.created ?? message.created
        message.turn = known?.message.turn ?? message.turn
        var open = known ?? OpenCode2Open(message)
        open.message = message
        open.said = Fingerprint(message.object)
        for part in read.parts { adopt(part, in: &open) }
        if open.isWhole, known == nil { messages.place(message) } else { messages.add(open) }
    }

    /// What is known better stays: a call that is further, a text that is whole.
    private func adopt(_ part: PartRead, in open: inout OpenCode2Open) {
        guard let object = try? JSON.parse(part.object, depth: 512) else { return }
        var found = OpenCode2Open(open.message)
        found.note(part.id, object)
        switch (open.parts[part.id]?.state, found.parts[part.id]?.state) {
        case (.whole?, _), (.streaming?, .streaming?): return
        case (.tool(let mine)?, .tool(let theirs)?) where !theirs.isAhead(of: mine): return
        default: open.note(part.id, object)
        }
    }

    private mutating func adoptInbox(_ read: SessionRead) {
        guard let queue = read.queue.flatMap({ try? JSON.parse($0, depth: 512) }) else { return }
        let ids = Set(queue.items.compactMap { $0["id"]?.string })
        inbox.removeAll { $0.isForeign && !ids.contains($0.id) }
        for item in queue.items {
            guard let id = item["id"]?.string, !inbox.contains(id) else { continue }
            let payload = item["files"] == nil ? try? JSON.parse(JSONWriter.object { $0.member("text", item["text"]) }) : nil
            let delivery = item["extra"]?["delivery"].bytes
            inbox.add(OpenCode2Inbox.Item(id: id, type: "user", created: item["created"]?.int ?? 0, delivery: delivery, payload: payload))
        }
        saidQueue = Fingerprint(inbox.queue)
    }
}

extension OpenCode2Tool {
    func isAhead(of other: OpenCode2Tool) -> Bool { rank > other.rank }

    private var rank: Int {
        switch state {
        case .pending: 0
        case .running: 1
        case .completed, .error: 2
        }
    }
}
