// A compaction: one message, `c` says how it goes, `t0` is the summary, which streams token by token.

import RelayProtocol
import Wire

extension OpenCode2Translator {
    mutating func compaction(_ type: String, _ frame: OpenCode2Frame, _ data: JSONValue) {
        switch type {
        case "session.compaction.started": compactionStarted(frame, data)
        case "session.compaction.delta":
            guard let id = runningCompaction, let text = data["text"]?.rawText, !text.isEmpty else { return }
            say(.delta(part: OpenCode2Words.partID(id, "t", 0), text: text))
        case "session.compaction.ended": compactionEnded(frame, data, state: "completed")
        case "session.compaction.failed" where runningCompaction == nil && data["inputID"] == nil:
            // It never began, and nothing in the session stands for it.
            say(.error(OpenCode2Words.error(data["error"] ?? data)))
        case "session.compaction.failed": compactionEnded(frame, data, state: "failed")
        default: say(.upstream(OpenCode2Words.carried(frame.whole)))
        }
    }

    /// One at a time; its summary streams. So does, for ever, that of one which a death of OpenCode cut short: it is the older.
    private var runningCompaction: String? {
        messages.open.values.filter(isStreamingSummary).map(\.message).max { ($0.created, $0.id) < ($1.created, $1.id) }?.id
    }

    private func isStreamingSummary(_ open: OpenCode2Open) -> Bool {
        guard open.message.isSummary, case .streaming? = open.parts[OpenCode2Words.partID(open.message.id, "t", 0)]?.state else {
            return false
        }
        return true
    }

    private func compactionMessage(_ id: String, _ frame: OpenCode2Frame) -> OpenCode2Open {
        var message = OpenCode2Message(id: id, role: .assistant, created: frame.created)
        message.isSummary = true
        message.turn = run.isOpen ? run.turn?.number : nil
        message.extra = OpenCode2Words.extra([("metadata", frame.metadata)])
        return OpenCode2Open(message)
    }

    private mutating func compactionStarted(_ frame: OpenCode2Frame, _ data: JSONValue) {
        guard let id = data["inputID"]?.string ?? frame.rowID, !messages.isKnown(id) else { return }
        messages.add(compactionMessage(id, frame))
        say(message: id)
        say(part: OpenCode2Words.compaction(id, state: "running", reason: data["reason"], error: nil), of: id)
        let summary = OpenCode2Words.Spoken(id: OpenCode2Words.partID(id, "t", 0), message: id, isOpen: true)
        say(part: PartRead(id: summary.id, object: summary.object), of: id, as: .streaming(started: nil))
    }

    private mutating func compactionEnded(_ frame: OpenCode2Frame, _ data: JSONValue, state: String) {
        guard let id = data["inputID"]?.string ?? runningCompaction ?? frame.rowID else { return }
        if messages[id] == nil {
            if messages.isKnown(id) { return }
            messages.add(compactionMessage(id, frame))
        }
        if let text = data["text"]?.rawText {
            let summary = OpenCode2Words.Spoken(id: OpenCode2Words.partID(id, "t", 0), message: id, text: text)
            say(part: PartRead(id: summary.id, object: summary.object), of: id)
        } else {
            messages[id]?.parts[OpenCode2Words.partID(id, "t", 0)]?.state = .whole
        }
        messages[id]?.message.model = OpenCode2Words.model(data["model"])
        messages[id]?.message.cost = data["cost"].bytes
        messages[id]?.message.tokens = OpenCode2Words.tokens(data["tokens"])
        say(message: id)
        say(part: OpenCode2Words.compaction(id, state: state, reason: data["reason"], error: data["error"]), of: id)
        if !run.isOpen { messages.removeWhole() }
    }
}
