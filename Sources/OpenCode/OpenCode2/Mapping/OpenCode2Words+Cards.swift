// Permissions, questions, and what waits in the inbox.

import Wire

extension OpenCode2Words {
    static func permission(_ request: JSONValue) -> [UInt8] {
        let changes = request["metadata"]?["files"].flatMap(changes)
        return JSONWriter.object { writer in
            writer.member("id", request["id"])
            writer.member("session", request["sessionID"])
            writer.member("action", request["action"])
            writer.member("resources", raw: request["resources"]?.raw ?? Array("[]".utf8)[...])
            if let always = request["save"], !always.items.isEmpty { writer.member("always", always) }
            writer.member("changes", raw: changes)
            writer.rest("metadata", of: request["metadata"], besides: changes == nil ? [] : ["files"])
            let source = request["source"]
            let isTool = source?["type"]?.says("tool") == true
            if isTool { writeTool(&writer, source) }
            writer.member("message", request["message"])
            let known: [StaticString] = ["id", "sessionID", "action", "resources", "save", "metadata", "message"]
            writer.rest("extra", of: request, besides: isTool ? known + ["source"] : known)
        }
    }

    private static func writeTool(_ writer: inout JSONWriter, _ tool: JSONValue?) {
        guard let tool, tool.isObject else { return }
        writer.key("tool")
        writer.object { writer in
            writer.member("message", tool["messageID"])
            writer.member("call", tool["id"])
        }
    }

    /// A form. Its fields are ours already.
    static func question(_ form: JSONValue) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", form["id"])
            writer.member("session", form["sessionID"])
            writer.member("title", form["title"])
            writer.member("fields", raw: form["fields"]?.raw ?? Array("[]".utf8)[...])
            let metadata = form["metadata"]
            writeTool(&writer, metadata?["tool"])
            let isQuestion = metadata?["kind"]?.says("question") == true
            let extra = metadata.flatMap { rest($0, besides: isQuestion ? ["tool", "kind"] : ["tool"]) }
            if let extra {
                writer.key("extra")
                writer.object { $0.member("metadata", raw: extra) }
            }
        }
    }

    /// A prompt that somebody put into the inbox. `payload` is that of the item, `id` and `delivery` JSON strings.
    static func queued(_ payload: JSONValue?, id: [UInt8], created: Int, delivery: [UInt8]?) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", raw: id)
            writer.member("text", rawText: payload?["text"]?.rawText ?? [])
            if let files = payload?["files"], !files.items.isEmpty {
                writer.key("files")
                writer.raw(
                    array(files.items) { writer, file in
                        writer.member("mime", file["mime"])
                        writer.member("name", file["name"])
                        writer.member("url", rawText: url(file))
                    })
            }
            writer.member("created", created)
            writer.member("by", "upstream")
            if let delivery {
                writer.key("extra")
                writer.object { $0.member("delivery", raw: delivery) }
            }
        }
    }

    /// The tasks in the input of a todo tool; their ids are their places.
    static func tasks(_ input: JSONValue?) -> [UInt8]? {
        guard let todos = input?["todos"], todos.isArray else { return nil }
        var number = 0
        return array(todos.items) { writer, todo in
            number += 1
            writer.member("id", String(number))
            writer.member("content", todo["content"])
            writer.member("status", todo["status"])
            writer.member("priority", todo["priority"])
            writer.rest("extra", of: todo, besides: ["id", "content", "status", "priority"])
        }
    }
}
