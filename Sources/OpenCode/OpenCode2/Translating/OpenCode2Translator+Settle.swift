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
        let asked = openCards
        judgeCards(read, isFirst: isFirst)
        judgeTurn(read, isFirst: isFirst, isCaughtUp: isCaughtUp, news: news)
        withdrawnByRead.formUnion(asked.subtracting(openCards))
        if !run.isOpen { messages.removeWhole() }
        return out
    }

    private mutating func adoptRow(_ read: SessionRead) {
        guard let object = read.row.flatMap({ try? JSON.parse($0) }) else { return }
        var row = OpenCode2Row(held: object, of: session)
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

    private mutating func judgeTurn(_ read: SessionRead, isFirst: Bool, isCaughtUp: Bool, news: OpenCode2News) {
        guard let now = read.status else { return }
        let goesOn = run.awaitsActive && isCaughtUp
        run.awaitsActive = false
        switch (now != .idle, run.isOpen) {
        case (true, true): if isFirst { goOn(now, news) }
        case (true, false): if isFirst || goesOn { resume(read, now) }
        case (false, true): if isFirst { closeUnheard(read, news) }
        case (false, false):
            guard isFirst else { return }
            run.isUndecided = false
            if news.prompts.isEmpty { setStatus(.idle) } else { closeUnheard(read, news) }
        }
    }

    private mutating func goOn(_ now: SessionStatus, _ news: OpenCode2News) {
        if news.isRestarted, run.turn?.resumed == false { reopenTurn() }
        for prompt in news.prompts { takeUp(prompt) }
        if status != .stopping { setStatus(now) }
    }

    /// It runs, and nobody told of its start. The newest prompt is this run's, unless the last turn had it.
    private mutating func resume(_ read: SessionRead, _ now: SessionStatus) {
        let earlier = run.turn?.prompts ?? []
        let isNew = !run.mayGoOn
        resumeTurn()
        if isNew { run.resumedThrough = readThrough }
        setStatus(now)
        guard let prompt = read.messages.last(where: { isPrompt($0) })?.id, !earlier.contains(prompt) else { return }
        takeUp(prompt)
    }

    /// It was cut short by OpenCode's death, or ended while nobody listened: its last answer says which, and a frame that is held may still
    /// tell how. What was prompted and answered meanwhile is a part of it, or, if it was over before, a turn of its own.
    private mutating func closeUnheard(_ read: SessionRead, _ news: OpenCode2News) {
        if news.isRestarted, run.turn?.resumed == false { reopenTurn() }
        for prompt in news.prompts { takeUp(prompt) }
        endTurn(isAnswered(read) ? .done : .interrupted)
        run.isClosedByRead = true
        run.closedThrough = readThrough
    }

    /// Whether the newest prompt has an answer that OpenCode finished. (An answer that calls tools is followed by another.)
    private func isAnswered(_ read: SessionRead) -> Bool {
        for message in read.messages.reversed() {
            if isPrompt(message) { return false }
            guard let object = try? JSON.parse(message.object), object["role"]?.says("assistant") == true else { continue }
            guard let finish = object["finish"], !finish.says("tool-calls") else { return false }
            return finish.isString && object["completed"] != nil && object["error"] == nil
        }
        return false
    }
}
