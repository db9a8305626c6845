// A question of 1.18: a list of one.

import Wire

struct ScriptedQuestion1: Sendable {
    let id: String
    let session: String
    let message: String
    let call: String
    let header: String
    let text: String
    let options: [ScriptOption]

    func write(to writer: inout JSONWriter) {
        writer.member("id", id)
        writer.member("sessionID", session)
        let input = ScriptedCall.questionInput(header, text, options)
        writer.member("questions", (try? JSON.parse(Array(input.utf8)))?["questions"])
        ScriptedPermission.writeTool(message, call, to: &writer)
    }
}

extension ScriptedPermission {
    /// As 1.18 tells it.
    func writeFirst(to writer: inout JSONWriter) {
        writer.member("id", id)
        writer.member("sessionID", session)
        writer.member("permission", ask.action)
        writer.member("patterns", strings: ask.resources)
        writer.member("metadata", raw: Array((ask.metadata ?? "{}").utf8))
        writer.member("always", strings: ask.save)
        Self.writeTool(message, call, to: &writer)
    }

    static func writeTool(_ message: String, _ call: String, to writer: inout JSONWriter) {
        writer.key("tool")
        writer.object { tool in
            tool.member("messageID", message)
            tool.member("callID", call)
        }
    }
}
