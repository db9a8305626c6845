// Messages that no model step makes: OpenCode's own notes, skills, and the commands that a person runs.

import RelayProtocol
import Wire

extension OpenCode2Translator {
    mutating func noted(_ type: String, _ frame: OpenCode2Frame, _ data: JSONValue) {
        guard let id = frame.rowID else { return }
        switch type {
        case "session.synthetic":
            // OpenCode goes on by itself.
            if run.isUndecided { resumeTurn() }
            if run.turn?.resumed == false, run.isOpen, data["description"]?.says(OpenCode2Words.restartNote) == true { reopenTurn() }
            say(whole: OpenCode2Words.system(id, frame.created, data, metadata: data["metadata"]), turn: openTurnNumber)
        case "session.skill.activated":
            let skill = OpenCode2Words.skill(id, frame.created, data, skill: data["id"], metadata: frame.metadata)
            say(whole: skill, turn: openTurnNumber)
        default: instructions(id, frame, data)
        }
    }

    private var openTurnNumber: Int? { run.isOpen ? run.turn?.number : nil }

    /// Most updates are hashes only and make no row.
    private mutating func instructions(_ id: String, _ frame: OpenCode2Frame, _ data: JSONValue) {
        guard data["text"]?.isString == true else { return }
        let changed = data["delta"]?.members.map(\.key).joined(separator: ", ") ?? ""
        let row = JSONWriter.object { writer in
            writer.member("text", data["text"])
            writer.member("description", "Instructions updated: \(changed)")
        }
        guard let value = try? JSON.parse(row) else { return }
        say(whole: OpenCode2Words.system(id, frame.created, value, metadata: frame.metadata), turn: openTurnNumber)
    }

    mutating func shellStarted(_ frame: OpenCode2Frame, _ data: JSONValue) {
        guard let id = frame.rowID, let shell = data["shell"], !messages.isKnown(id) else { return }
        var message = OpenCode2Message(id: id, role: .user, created: frame.created)
        let isBackground = shell["metadata"]?["background"]?.bool == true
        message.extra =
            isBackground
            ? JSONWriter.object { writer in
                writer.key("metadata")
                writer.object { writer in
                    frame.metadata?.forEachMember { key, value in
                        writer.key(named: key.string ?? "")
                        writer.raw(value.raw)
                    }
                    writer.member("background", true)
                }
            } : OpenCode2Words.extra([("metadata", frame.metadata)])
        messages.add(OpenCode2Open(message))
        say(message: id)
        say(tool: OpenCode2Words.shellTool(id, id: shell["id"], command: shell["command"], at: frame.created))
    }

    mutating func shellEnded(_ frame: OpenCode2Frame, _ data: JSONValue) {
        guard let shell = data["shell"], let call = shell["id"].bytes else { return }
        let tools = messages.open.keys.compactMap { messages[$0]?.tool("\($0).sh") }
        guard var tool = tools.first(where: { $0.call == call }) else { return wish(.read) }
        guard !tool.isOver else { return }
        OpenCode2Words.end(&tool, shell: shell, output: data["output"], at: frame.created)
        say(tool: tool)
        if !run.isOpen { messages.removeWhole() }
    }
}
