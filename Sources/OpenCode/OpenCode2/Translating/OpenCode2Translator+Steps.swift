// Steps: one assistant message each. A step that is tried again before it said anything is the same message once more.

import RelayProtocol
import Wire

extension OpenCode2Translator {
    mutating func stepStarted(_ frame: OpenCode2Frame, _ data: JSONValue) {
        guard let id = data["assistantMessageID"]?.string else { return }
        // A read has overtaken this frame.
        if let completed = messages[id]?.message.completed, frame.created <= completed { return }
        if messages[id] == nil, messages.isKnown(id) { return }
        isFresh = false
        run.isDeclined = false
        resumeTurn()
        setStatus(.busy)
        closeOlder(than: id, at: frame.created)
        var open = messages[id] ?? OpenCode2Open(OpenCode2Message(id: id, role: .assistant, created: data["started"]?.int ?? frame.created))
        open.message.agent = data["agent"].bytes
        open.message.model = OpenCode2Words.model(data["model"])
        open.message.turn = run.turn?.number
        (open.message.completed, open.message.finish, open.message.error) = (nil, nil, nil)
        if open.message.extra == nil { open.message.extra = OpenCode2Words.extra([("metadata", frame.metadata)]) }
        open.snapshot = data["snapshot"].bytes ?? open.snapshot
        for part in open.parts.keys { open.parts[part]?.isOfEarlierTry = true }
        messages.add(open)
        say(message: id)
        removePart("\(id).retry", of: id)
    }

    /// The newest answer was left open by a death: upstream completes it now, and tells nobody.
    private mutating func closeOlder(than id: String, at time: Int) {
        guard let older = messages.newestAnswer, older != id, let open = messages[older], open.message.completed == nil else { return }
        messages[older]?.message.completed = time
        say(message: older)
        removePart("\(older).retry", of: older)
    }

    mutating func stepEnded(_ frame: OpenCode2Frame, _ data: JSONValue) {
        guard let id = data["assistantMessageID"]?.string, isHeld(id) else { return }
        if let completed = messages[id]?.message.completed, frame.created <= completed { return }
        let hasFailed = data["error"] != nil
        let finish = data["finish"].bytes ?? (hasFailed ? Array(#""error""#.utf8) : nil)
        messages[id]?.message.completed = frame.created
        messages[id]?.message.finish = finish
        messages[id]?.message.error = data["error"].map(OpenCode2Words.error)
        if let cost = data["cost"], let tokens = data["tokens"] {
            messages[id]?.message.cost = Array(cost.raw)
            messages[id]?.message.tokens = OpenCode2Words.tokens(tokens)
        }
        if hasFailed { removePart("\(id).retry", of: id) }
        say(message: id)
        sayPatch(of: id, data["files"])
    }

    /// Of a step whose start was not heard only a read has the snapshot that it began at.
    private mutating func sayPatch(of id: String, _ files: JSONValue?) {
        guard let patch = OpenCode2Words.patch(id, hash: messages[id]?.snapshot, files: files) else { return }
        if messages[id]?.snapshot == nil { wish(.read) }
        say(part: patch, of: id)
    }

    mutating func retryScheduled(_ data: JSONValue) {
        guard let id = data["assistantMessageID"]?.string, isHeld(id) else { return }
        say(part: OpenCode2Words.retry(id, data), of: id)
        guard run.isOpen else { return }
        let message = data["error"]?["message"]?.rawText.map { Array($0) }
        setStatus(.retry(attempt: data["attempt"]?.int, message: message, next: data["at"]?.int))
    }

    /// Whether frames about this message can be told: it is in the making. One that was whole before is left alone; one that was never
    /// heard of is read first.
    mutating func isHeld(_ id: String) -> Bool {
        if messages[id] != nil { return true }
        if !messages.isKnown(id) { wish(.read) }
        return false
    }
}
