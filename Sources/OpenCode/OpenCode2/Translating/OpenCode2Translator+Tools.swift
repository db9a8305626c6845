// Calls of tools, known by message and call id. `tool.called` can be missing (arguments that could not be read); an end closes a call from
// any state.

import RelayProtocol
import Wire

extension OpenCode2Translator {
    /// The message and the part's id, if frames about them can be told.
    private mutating func place(_ data: JSONValue) -> (message: String, part: String)? {
        guard let message = data["assistantMessageID"]?.string, let call = data["id"]?.string, isHeld(message) else { return nil }
        return (message, "\(message).\(call)")
    }

    /// The call as it is known, or as it begins here.
    private func call(_ place: (message: String, part: String), _ data: JSONValue) -> OpenCode2Tool {
        messages[place.message]?.tool(place.part) ?? begun(place, data)
    }

    private func begun(_ place: (message: String, part: String), _ data: JSONValue) -> OpenCode2Tool {
        let name = data["name"].bytes ?? Array("\"\"".utf8)
        return OpenCode2Tool(id: place.part, message: place.message, call: data["id"].bytes ?? [], name: name)
    }

    mutating func toolStarted(_ data: JSONValue) {
        guard let place = place(data) else { return }
        if let known = messages[place.message]?.parts[place.part], !known.isOfEarlierTry { return }
        // Of a try before nothing is left; what a read told of this one, before the frame of its step came, is not said again.
        say(tool: begun(place, data))
    }

    mutating func toolInputGrew(_ data: JSONValue) {
        guard let place = place(data), let text = data["delta"]?.rawText, !text.isEmpty else { return }
        guard messages[place.message]?.tool(place.part)?.state == .pending else { return }
        // It is not any more as it was said.
        messages[place.message]?.parts[place.part]?.said = Fingerprint("".utf8)
        say(.delta(part: place.part, text: text, field: "raw"))
    }

    /// Kept, not said: the call brings the same as its input.
    mutating func toolInputEnded(_ data: JSONValue) {
        guard let place = place(data), var tool = messages[place.message]?.tool(place.part), tool.state == .pending else { return }
        tool.raw = data["text"].bytes
        messages[place.message]?.parts[place.part]?.state = .tool(tool)
    }

    mutating func toolCalled(_ frame: OpenCode2Frame, _ data: JSONValue) {
        guard let place = place(data) else { return }
        var tool = call(place, data)
        guard tool.state == .pending else { return }
        tool.state = .running
        tool.input = data["input"]?.copied()
        tool.raw = nil
        tool.started = frame.created
        tool.isRemote = data["executed"]?.bool == true
        say(tool: tool)
    }

    mutating func toolProgressed(_ data: JSONValue) {
        guard let place = place(data), var tool = messages[place.message]?.tool(place.part), tool.state == .running else { return }
        tool.metadata = data["metadata"]?.copied()
        say(tool: tool)
    }

    mutating func toolEnded(_ frame: OpenCode2Frame, _ data: JSONValue) {
        guard let place = place(data) else { return }
        var tool = call(place, data)
        guard !tool.isOver else { return }
        tool.isRemote = tool.isRemote || data["executed"]?.bool == true
        tool.finish(data, at: frame.created)
        say(tool: tool)
        guard tool.kind == .todo, tool.state == .completed, let tasks = OpenCode2Words.tasks(tool.input) else { return }
        let print = Fingerprint(tasks)
        guard saidTasks != print else { return }
        saidTasks = print
        say(.tasks(tasks))
    }
}
