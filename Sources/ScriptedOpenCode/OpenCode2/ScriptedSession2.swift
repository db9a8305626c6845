// A session of the scripted agent: its row, its messages as REST gives them, what it asks, and the run that plays.

import Wire

struct ScriptedSession2: Sendable {
    let id: String
    let directory: String
    let parent: String?
    let created: Int64
    var title: String?
    var agent: String?
    /// As the body named it, JSON.
    var model: [UInt8]?
    var metadata: [UInt8]?
    var updated: Int64
    var idle: Int64?
    var outcome: String?
    /// Of the last durable event; the log also counts some that are not on the stream.
    var sequence = -1
    var isInstructed = false
    /// Its last execution has no end, or one that nobody wrote down.
    var isUnsettled = false
    var inputTokens = 0
    var outputTokens = 0
    /// Oldest first; the last may be open.
    var rows: [ScriptedRow] = []
    var inbox: [ScriptedInboxItem] = []
    var permissions: [ScriptedPermission] = []
    var forms: [ScriptedForm] = []
    var run: ScriptedRun?

    init(id: String, directory: String, parent: String?, created: Int64) {
        self.id = id
        self.directory = directory
        self.parent = parent
        self.created = created
        updated = created
    }

    var json: [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("parentID", parent)
            writer.member("projectID", ScriptedSession2.project)
            writer.member("agent", agent)
            writer.member("model", raw: model)
            writer.member("cost", 0)
            writer.key("tokens")
            ScriptedTokens(input: inputTokens, output: outputTokens).write(to: &writer)
            writer.member("outcome", outcome)
            writer.key("time")
            writer.object { time in
                time.member("created", Int(created))
                time.member("updated", Int(updated))
                time.member("idle", idle.map { Int($0) })
            }
            writer.member("title", title)
            writer.member("metadata", raw: metadata)
            writer.key("location")
            writer.object { $0.member("directory", directory) }
        }
    }

    static let project = "5c71b7ed0000000000000000000000000000demo"

    /// The open assistant message's place; other rows may have come behind it.
    var openRow: Int? {
        guard let message = run?.message, !message.isEmpty else { return nil }
        return rows.lastIndex { $0.id == message }
    }
}
