// Permissions, questions, tasks, status.

import RelayProtocol
import Wire

extension OpenCode1Words {
    static func permission(_ request: JSONValue) -> [UInt8] {
        let metadata = request["metadata"]
        let change = self.change(metadata)
        return JSONWriter.object { writer in
            writer.member("id", request["id"])
            writer.member("session", request["sessionID"])
            writer.member("action", request["permission"])
            writer.member("resources", raw: request["patterns"]?.raw ?? Array("[]".utf8)[...])
            if let always = request["always"], !always.items.isEmpty { writer.member("always", always) }
            if let change { writeChange(&writer, change) }
            writeMetadata(&writer, metadata, besides: change?.moved ?? [])
            writeTool(&writer, request["tool"])
            writer.rest("extra", of: request, besides: ["id", "sessionID", "permission", "patterns", "metadata", "always", "tool"])
        }
    }

    private static func writeTool(_ writer: inout JSONWriter, _ tool: JSONValue?) {
        guard let tool, tool.isObject else { return }
        writer.key("tool")
        writer.object { writer in
            writer.member("message", tool["messageID"])
            writer.member("call", tool["callID"])
        }
    }

    /// 1.18 asks a list of questions at once: fields `q0`, `q1` …
    static func question(_ request: JSONValue) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", request["id"])
            writer.member("session", request["sessionID"])
            writer.key("fields")
            writer.array { writer in
                for (index, question) in (request["questions"]?.items ?? []).enumerated() {
                    writeField(&writer, question, key: "q\(index)")
                }
            }
            writeTool(&writer, request["tool"])
            writer.rest("extra", of: request, besides: ["id", "sessionID", "questions", "tool"])
        }
    }

    private static func writeField(_ writer: inout JSONWriter, _ question: JSONValue, key: String) {
        writer.object { writer in
            writer.member("key", key)
            writer.member("type", question["multiple"]?.bool == true ? "multiselect" : "string")
            writer.member("title", question["header"])
            writer.member("description", question["question"])
            writer.key("options")
            writer.array { writer in
                for option in question["options"]?.items ?? [] {
                    writer.object { writer in
                        writer.member("value", option["label"])
                        writer.member("label", option["label"])
                        writer.member("description", option["description"])
                    }
                }
            }
            writer.member("custom", question["custom"]?.bool ?? true)
            writer.rest("extra", of: question, besides: ["question", "header", "options", "multiple", "custom"])
        }
    }

    /// `[["a"],["b","c"]]` → `{"q0":"a","q1":["b","c"]}`.
    static func answer(_ answers: JSONValue, isMultiple: [Bool]) -> [UInt8] {
        JSONWriter.object { writer in
            for (index, answer) in answers.items.enumerated() {
                let isMultiple = index < isMultiple.count && isMultiple[index]
                let items = answer.items
                if isMultiple || items.count > 1 {
                    writer.key(named: "q\(index)")
                    writer.raw(answer.raw)
                } else if let only = items.first {
                    writer.key(named: "q\(index)")
                    writer.raw(only.raw)
                }
            }
        }
    }

    static func tasks(_ todos: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        writer.array { writer in
            for (index, todo) in todos.items.enumerated() {
                writer.object { writer in
                    writer.member("id", String(index + 1))
                    writer.member("content", todo["content"])
                    writer.member("status", todo["status"])
                    writer.member("priority", todo["priority"])
                    writer.rest("extra", of: todo, besides: ["id", "content", "status", "priority"])
                }
            }
        }
        return writer.bytes
    }

    static func status(_ status: JSONValue?) -> SessionStatus? {
        guard let type = status?["type"] else { return nil }
        if type.says("idle") { return .idle }
        if type.says("busy") { return .busy }
        guard type.says("retry") else { return nil }
        return .retry(attempt: status?["attempt"]?.int, message: status.flatMap(retryMessage), next: status?["next"]?.int)
    }

    private static func retryMessage(_ status: JSONValue) -> [UInt8]? { status["message"]?.rawText.map { Array($0) } }
}
