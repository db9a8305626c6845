// What a read shows, taken over: messages in the making, the inbox. The objects themselves were compared with the log before; here nothing
// is said. What is known better stays: a call that is further, a text that is whole.

import RelayProtocol
import Wire

/// What a read showed that was not known.
struct OpenCode2News {
    /// Prompts that stand behind the turn's last one.
    var prompts: [String] = []
    /// OpenCode was restarted, and goes on by itself.
    var isRestarted = false
}

extension OpenCode2Translator {
    mutating func adoptMessages(_ read: SessionRead) -> OpenCode2News {
        let last = run.turn?.prompts.last
        let isLastKnown = last.map(messages.isKnown) ?? false
        var isBehind = false
        var news = OpenCode2News()
        for message in read.messages {
            if isBehind, !messages.isKnown(message.id) {
                if isPrompt(message) { news.prompts.append(message.id) }
                if isRestartNote(message) { news.isRestarted = true }
            }
            if message.id == last { isBehind = isLastKnown }
            adopt(message)
        }
        forgetMissing(read)
        return news
    }

    private func isRestartNote(_ message: MessageRead) -> Bool {
        (try? JSON.parse(message.object))?["extra"]?["description"]?.says(OpenCode2Words.restartNote) == true
    }

    func isPrompt(_ message: MessageRead) -> Bool {
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

    private func adopt(_ part: PartRead, in open: inout OpenCode2Open) {
        guard let object = try? JSON.parse(part.object, depth: 512) else { return }
        var found = OpenCode2Open(open.message)
        found.note(part.id, object)
        switch (open.parts[part.id]?.state, found.parts[part.id]?.state) {
        case (.streaming?, .streaming?) where open.parts[part.id]?.isUnheard == true:
            // The log has it as this read does, with or without the mark.
            open.parts[part.id]?.said = Fingerprint(object.raw)
        case (.whole?, _), (.streaming?, .streaming?): return
        case (.tool(let mine)?, .tool(let theirs)?) where !theirs.isAhead(of: mine): adopt(theirs, beside: mine, in: &open)
        case (nil, .streaming?):
            open.note(part.id, object)
            open.parts[part.id]?.isUnheard = true
        default: open.note(part.id, object)
        }
    }

    /// A call that is as far as it is known to be: what the read has more of it is in the log by now, and is not said again by a frame that waits.
    private func adopt(_ theirs: OpenCode2Tool, beside mine: OpenCode2Tool, in open: inout OpenCode2Open) {
        guard theirs.state == mine.state, !mine.isOver else { return }
        var tool = theirs
        tool.metadata = mine.metadata ?? theirs.metadata
        tool.input = theirs.input ?? mine.input
        tool.raw = theirs.raw ?? mine.raw
        open.parts[mine.id]?.state = .tool(tool)
        open.parts[mine.id]?.said = Fingerprint(tool.object(directory: directory))
    }

    mutating func adoptInbox(_ read: SessionRead) {
        guard let list = read.inbox.flatMap({ try? JSON.parse($0, depth: 512) }) else { return }
        let listed = OpenCode2Inbox(list)
        inbox.removeAll { $0.isForeign && !listed.contains($0.id) }
        // One of ours that was taken up while the read was made stands among its messages.
        for item in listed.items where !inbox.contains(item.id) && (item.isForeign || !messages.isKnown(item.id)) { inbox.add(item) }
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
