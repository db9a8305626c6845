// Rows of a session's message list, each a message with its parts. The translator makes the same of the events that made the row.

import RelayProtocol
import Wire

extension OpenCode2Words {
    /// A message and its parts, in order.
    struct Mapped {
        var message: OpenCode2Message
        var parts: [PartRead]

        var read: MessageRead { MessageRead(id: message.id, created: message.created, object: message.object, parts: parts) }
    }

    /// Nil for an idle row (it is a turn's end) and for what has no id.
    static func message(_ row: JSONValue, directory: String?) -> Mapped? {
        guard let id = row["id"]?.string, let type = row["type"]?.string else { return nil }
        let created = row["time"]?["created"]?.int ?? 0
        switch type {
        case "idle": return nil
        case "user": return user(id, created, row, metadata: row["metadata"])
        case "assistant": return assistant(id, created, row, directory: directory)
        case "synthetic", "system": return system(id, created, row, metadata: row["metadata"])
        case "skill": return skill(id, created, row, skill: row["skill"], metadata: row["metadata"])
        case "agent-switched", "model-switched", "location-switched": return switched(id, created, row)
        case "shell": return shell(id, created, row, directory: directory)
        case "compaction": return compaction(id, created, row)
        default:
            var message = OpenCode2Message(id: id, role: .system, created: created)
            message.extra = carried(row)
            return Mapped(message: message, parts: [])
        }
    }

    /// `{"metadata": …}` and others, or nil. Values are JSON.
    static func extra(_ members: [(name: StaticString, value: JSONValue?)]) -> [UInt8]? {
        guard members.contains(where: { $0.value != nil }) else { return nil }
        return JSONWriter.object { writer in for (name, value) in members { writer.member(name, value) } }
    }

    /// A prompt: a row, or the payload of an inbox item.
    static func user(_ id: String, _ created: Int, _ prompt: JSONValue, metadata: JSONValue?) -> Mapped {
        var message = OpenCode2Message(id: id, role: .user, created: created)
        message.extra = extra([("metadata", metadata)])
        var parts: [PartRead] = []
        if let text = prompt["text"]?.rawText, !text.isEmpty {
            let part = partID(id, "t", 0)
            parts.append(PartRead(id: part, object: Spoken(id: part, message: id, text: text).object))
        }
        for (number, item) in (prompt["files"]?.items ?? []).enumerated() { parts.append(file(id, number, item)) }
        for (number, item) in (prompt["agents"]?.items ?? []).enumerated() { parts.append(agent(id, number, item)) }
        for (number, item) in (prompt["skills"]?.items ?? []).enumerated() { parts.append(skill(id, number, item)) }
        return Mapped(message: message, parts: parts)
    }

    /// What neither a person nor the model wrote.
    static func system(_ id: String, _ created: Int, _ row: JSONValue, metadata: JSONValue?) -> Mapped {
        var message = OpenCode2Message(id: id, role: .system, created: created)
        message.extra = extra([("description", row["description"]), ("metadata", metadata)])
        return Mapped(message: message, parts: [synthetic(id, row["text"])])
    }

    static func skill(_ id: String, _ created: Int, _ row: JSONValue, skill: JSONValue?, metadata: JSONValue?) -> Mapped {
        var message = OpenCode2Message(id: id, role: .system, created: created)
        message.extra = extra([("skill", skill), ("metadata", metadata)])
        let name = JSONWriter.object { $0.member("name", row["name"]) }
        let named = (try? JSON.parse(name)).map { [self.skill(id, 0, $0)] } ?? []
        return Mapped(message: message, parts: named + [synthetic(id, row["text"])])
    }

    private static func switched(_ id: String, _ created: Int, _ row: JSONValue) -> Mapped {
        var message = OpenCode2Message(id: id, role: .system, created: created)
        message.extra = extra([("metadata", row["metadata"])])
        let previous = row["previous"]
        let part =
            if let agent = row["agent"] {
                change(id, agent: Array(agent.raw), previous: previous.bytes)
            } else if let model = row["model"] {
                change(id, model: self.model(model), previous: self.model(previous))
            } else {
                change(id, directory: row["location"]?["directory"].bytes, previous: previous?["location"]?["directory"].bytes)
            }
        return Mapped(message: message, parts: [part])
    }

    /// A command that a person ran. `id` of the tool's part, the call is the shell's id.
    static func shellTool(_ message: String, id: JSONValue?, command: JSONValue?, at time: Int) -> OpenCode2Tool {
        let name = Array(#""shell""#.utf8)
        var tool = OpenCode2Tool(id: "\(message).sh", message: message, call: id.bytes ?? Array("\"\"".utf8), name: name)
        tool.state = .running
        tool.input = try? JSON.parse(JSONWriter.object { $0.member("command", command) })
        tool.started = time
        return tool
    }

    /// `status` and `exit` of the shell, and its output.
    static func end(_ tool: inout OpenCode2Tool, shell: JSONValue, output: JSONValue?, at time: Int?) {
        tool.state = .completed
        tool.ended = time
        tool.output = output?["output"]?.rawText.map { Array($0) }
        tool.metadata = try? JSON.parse(
            JSONWriter.object { writer in
                writer.member("status", shell["status"])
                writer.member("exit", shell["exit"])
                writer.member("truncated", output?["truncated"])
            })
    }

    private static func shell(_ id: String, _ created: Int, _ row: JSONValue, directory: String?) -> Mapped {
        var message = OpenCode2Message(id: id, role: .user, created: created)
        message.extra = extra([("metadata", row["metadata"])])
        var tool = shellTool(id, id: row["shellID"], command: row["command"], at: created)
        if row["status"]?.says("running") != true { end(&tool, shell: row, output: row["output"], at: row["time"]?["completed"]?.int) }
        return Mapped(message: message, parts: [PartRead(id: tool.id, object: tool.object(directory: directory))])
    }

    private static func compaction(_ id: String, _ created: Int, _ row: JSONValue) -> Mapped {
        var message = OpenCode2Message(id: id, role: .assistant, created: created)
        message.isSummary = true
        message.model = model(row["model"])
        message.cost = row["cost"].bytes
        message.tokens = tokens(row["tokens"])
        message.extra = extra([("metadata", row["metadata"])])
        let state = row["status"]?.string ?? "completed"
        var parts = [compaction(id, state: state, reason: row["reason"], error: row["error"])]
        if let text = row["summary"]?.rawText {
            let summary = Spoken(id: partID(id, "t", 0), message: id, text: text, isOpen: state == "running")
            parts.append(PartRead(id: summary.id, object: summary.object))
        }
        return Mapped(message: message, parts: parts)
    }
}
