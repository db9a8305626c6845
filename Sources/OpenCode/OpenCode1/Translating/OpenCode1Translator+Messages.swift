// Messages and their parts.

import RelayProtocol
import Wire

extension OpenCode1Translator {
    /// A preview that slides is said at most so often (ms).
    static let previewPace: Int64 = 250

    mutating func message(_ properties: JSONValue) {
        guard let info = properties["info"], let id = info["id"]?.string else { return }
        guard let before = messages[id] else { return newMessage(id, info) }
        let object = OpenCode1Words.message(info, created: before.created, turn: before.turn)
        guard let value = try? JSON.parse(object) else { return }
        let print = OpenCode1Words.fingerprint(value)
        guard print != before.print else { return }
        if before.isCompleted, value["completed"] == nil { return }
        messages[id]?.print = print
        messages[id]?.take(value)
        say(.message(id, object))
        changed(id, info, wasCompleted: before.isCompleted)
    }

    private mutating func newMessage(_ id: String, _ info: JSONValue) {
        let isAssistant = info["role"]?.says("assistant") == true
        let isLate = info["finish"] != nil || info["time"]?["completed"] != nil
        if isAssistant, isLate, !known.isWhole { wantRead(for: id) }  // its beginning was missed; a fork's are whole at once
        if !isKnown { wantRead(for: session) }
        isKnown = true
        if isAssistant { doubtIsOver() }
        let object = OpenCode1Words.message(info, created: nil, turn: isAssistant && isTurnOpen ? turn?.number : nil)
        guard let value = try? JSON.parse(object) else { return }
        let isOld = isForked(value["created"]?.int) || isForgotten(value["created"]?.int)
        messages.add(id, OpenCode1Message(value))
        say(.message(id, object))
        if !isAssistant {
            if !isOld { tookUp(id) }
            return doubtIsOver()
        }
        if isTurnOpen { known.run.last = id }
        changed(id, info, wasCompleted: false)
    }

    /// Older than all that is remembered: it was taken up long ago.
    private func isForgotten(_ created: Int?) -> Bool {
        guard let created, let oldest = messages.oldest else { return false }
        return created < oldest
    }

    /// History that a fork brought along belongs to no turn of this session.
    func isForked(_ created: Int?) -> Bool { created ?? 0 < born ?? 0 }

    private mutating func changed(_ id: String, _ info: JSONValue, wasCompleted: Bool) {
        guard let message = messages[id], message.isAssistant, message.isCompleted, !wasCompleted else { return }
        if info["summary"]?.bool == true, let error = message.error { finishCompaction(.failed(error)) }
        guard isTurnOpen, known.run.last == id else { return }
        completed(message)
        if known.run.stoppingSince != nil { end(outcome()) }
    }

    // Parts.

    mutating func part(_ properties: JSONValue, _ frame: JSONValue, _ now: Int64) {
        guard let part = properties["part"] else { return say(.upstream(OpenCode1Words.carried(frame))) }
        switch OpenCode1Words.part(part, directory: directory) {
        case .leftOut: break
        case .unknown: say(.upstream(OpenCode1Words.carried(frame)))
        case .part(let part):
            guard let message = messages[part.message] else { return wantRead(for: part.message) }
            guard let before = message.parts[part.id] else {
                if message.isAssistant, !message.isCompleted { goesOn(part.message) }
                return say(part, now)
            }
            update(before, part, now)
        }
    }

    /// A part came that the read did not have, of an answer that had begun: it runs still, although the read's status, which is older than its
    /// messages, was idle.
    private mutating func goesOn(_ message: String) {
        guard isDoubtful else { return }
        doubtIsOver()
        guard isTurnOpen, known.run.last == nil else { return }
        known.run.last = message
        messages[message]?.turn = turn?.number
    }

    private mutating func say(_ part: OpenCode1Part, _ now: Int64) {
        messages[part.message]?.parts[part.id] = OpenCode1KnownPart(part, now: now)
        if part.kind == .compaction { compaction = part.stage == 1 ? (part.id, part.object) : nil }
        say(.part(part.id, part.whole))
    }

    private mutating func update(_ before: OpenCode1KnownPart, _ part: OpenCode1Part, _ now: Int64) {
        let isSame = (try? JSON.parse(part.object)).map { OpenCode1Words.fingerprint($0) } == before.print
        // The log has it as one that misses its beginning, unless it is the same.
        if before.isUnheard, part.isOpen, isEmptyText(part), !isSame { return say(part, now) }
        if part.stage < before.stage || (part.isOpen && !before.isOpen && part.kind == .text) { return }
        // The same, or a late frame behind a read that had more.
        if isSame, before.output.starts(with: part.output), before.heldBack == nil { return }
        if part.kind == .text, part.isOpen, isEmptyText(part) { return }
        guard part.kind == .tool, part.stage == 1, before.stage == 1, !before.output.isEmpty || isSame else { return say(part, now) }
        if isSame, before.heldBack == nil, part.output.starts(with: before.output) {
            messages[part.message]?.parts[part.id]?.output = Array(part.output)
            say(.delta(part: part.id, text: part.output.dropFirst(before.output.count), field: "output"))
        } else if now >= before.saidAt + Self.previewPace {
            say(part, now)
        } else {
            messages[part.message]?.parts[part.id]?.heldBack = part.whole
            wish(.wake(at: before.saidAt + Self.previewPace))
        }
    }

    /// A part that streams is said again without its words: they would be lost.
    private func isEmptyText(_ part: OpenCode1Part) -> Bool {
        guard let value = try? JSON.parse(part.object) else { return false }
        return value["text"]?.rawText?.isEmpty != false
    }

    /// Says the previews whose time has come.
    mutating func sayHeldBack(now: Int64) {
        for message in messages.ids.suffix(8) {
            for (id, part) in messages[message]?.parts ?? [:] {
                guard let object = part.heldBack else { continue }
                let due = part.saidAt + Self.previewPace
                guard now >= due, let value = try? JSON.parse(object) else {
                    wish(.wake(at: due))
                    continue
                }
                var known = OpenCode1KnownPart(value, grown: [])
                known.saidAt = min(now, due)
                messages[message]?.parts[id] = known
                say(.part(id, object))
            }
        }
    }

    mutating func partRemoved(_ id: String, of message: String?) {
        if let message, let known = messages[message] {
            guard known.parts[id] != nil else { return }  // one that is left out by name
            messages[message]?.parts[id] = nil
        }
        say(.partRemoved(id))
    }

    mutating func delta(_ properties: JSONValue, _ frame: JSONValue) {
        guard properties["field"]?.says("text") == true, let text = properties["delta"]?.rawText, let id = properties["partID"]?.string,
            let message = properties["messageID"]?.string
        else { return say(.upstream(OpenCode1Words.carried(frame))) }
        guard let part = messages[message]?.parts[id] else { return wantRead(for: message) }
        guard part.isOpen else { return }  // a read has told the end already
        if part.isUnheard { messages[message]?.parts[id]?.isUnheard = false }
        say(.delta(part: id, text: text))
    }

    // Compaction.

    mutating func compacted() { finishCompaction(.completed) }

    private mutating func finishCompaction(_ state: OpenCode1Compaction) {
        guard let running = compaction, let value = try? JSON.parse(running.object) else { return }
        compaction = nil
        let object = JSONWriter.object { writer in
            for (key, field) in value.members {
                writer.key(named: key)
                if key == "state" { writer.string(state == .completed ? "completed" : "failed") } else { writer.raw(field.raw) }
            }
            if case .failed(let error) = state { writer.member("error", raw: error) }
        }
        guard let said = try? JSON.parse(object) else { return }
        if let message = value["message"]?.string { messages[message]?.parts[running.id] = OpenCode1KnownPart(said, grown: []) }
        say(.part(running.id, object))
    }
}
