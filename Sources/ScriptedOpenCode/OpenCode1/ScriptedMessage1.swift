// A message of 1.18 and its parts.

import Wire

struct ScriptedMessage1: Sendable {
    enum Role: String, Sendable { case user, assistant }

    let id: String
    let session: String
    let role: Role
    var created: Int64
    var agent: String
    var model: ScriptedModel1
    /// The prompt that it answers.
    var parent: String?
    var directory = ""
    var completed: Int64?
    var finish: String?
    var tokens: ScriptedTokens1?
    /// JSON.
    var error: [UInt8]?
    var isSummed = false
    var parts: [ScriptedPart1] = []

    var info: [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("sessionID", session)
            writer.member("role", role.rawValue)
            writer.key("time")
            writer.object { time in
                time.member("created", Int(created))
                time.member("completed", completed.map { Int($0) })
            }
            writer.member("agent", agent)
            if role == .user { writePrompt(&writer) } else { writeAnswer(&writer) }
        }
    }

    private func writePrompt(_ writer: inout JSONWriter) {
        writer.key("model")
        model.writeForMessage(to: &writer)
        if isSummed { writer.member("summary", raw: Array(#"{"diffs":[]}"#.utf8)) }
    }

    private func writeAnswer(_ writer: inout JSONWriter) {
        writer.member("parentID", parent)
        writer.member("mode", agent)
        writer.member("modelID", model.id)
        writer.member("providerID", model.provider)
        writer.member("variant", model.variant)
        writer.key("path")
        writer.object { path in
            path.member("cwd", directory)
            path.member("root", directory)
        }
        writer.member("cost", 0)
        writer.key("tokens")
        (tokens ?? .none).write(to: &writer)
        writer.member("finish", finish)
        writer.member("error", raw: error)
    }

    var json: [UInt8] {
        JSONWriter.object { writer in
            writer.member("info", raw: info)
            writer.key("parts")
            writer.array { list in for part in parts { list.raw(part.json(of: id, session)) } }
        }
    }

    var text: String { parts.compactMap(\.text).joined(separator: "\n") }
}
