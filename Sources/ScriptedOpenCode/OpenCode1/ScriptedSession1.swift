// A session of 1.18: its row, its messages, and the run that plays.

import Reactor
import Wire

struct ScriptedSession1: Sendable {
    /// All are of one project.
    static let project = "f0fb1f66e2e908081fe151fde4244ea3ea23554b"

    let id: String
    let directory: String
    let parent: String?
    let created: Int64
    var updated: Int64
    var archived: Int?
    var title: String
    var hasStandardTitle = false
    var agent: String?
    var model: ScriptedModel1?
    /// JSON: what a child may not.
    var permission: [UInt8]?
    var metadata: [UInt8]?
    /// A step has been summed up.
    var isSummed = false
    var inputTokens = 0
    var outputTokens = 0
    /// Of the last durable event.
    var sequence = -1
    /// Oldest first.
    var messages: [ScriptedMessage1] = []
    /// JSON.
    var todos: [UInt8] = Array("[]".utf8)
    /// Prompts that nobody has taken up.
    var waiting: [String] = []
    var run: ScriptedRun?
    /// JSON; nil: idle, and not listed.
    var status: [UInt8]?
    /// What still runs falls over when it writes.
    var isDeleted = false

    init(id: String, directory: String, parent: String? = nil, title: String?, created: Int64) {
        self.id = id
        self.directory = directory
        self.parent = parent
        self.created = created
        updated = created
        hasStandardTitle = title == nil
        self.title = title ?? (parent == nil ? "New session - " : "Child session - ") + Timestamp.text(milliseconds: created)
    }

    func json(version: String) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("slug", "scripted-session")
            writer.member("projectID", Self.project)
            writer.member("directory", directory)
            writer.member("path", "")
            writer.member("parentID", parent)
            if isSummed { writer.member("summary", raw: Array(#"{"additions":0,"deletions":0,"files":0}"#.utf8)) }
            writer.member("cost", 0)
            writer.key("tokens")
            ScriptedTokens(input: inputTokens, output: outputTokens).write(to: &writer)
            writer.member("title", title)
            writer.member("agent", agent)
            if let model {
                writer.key("model")
                model.writeForSession(to: &writer)
            }
            writer.member("permission", raw: permission)
            writer.member("metadata", raw: metadata)
            writer.member("version", version)
            writer.key("time")
            writer.object { time in
                time.member("created", Int(created))
                time.member("updated", Int(updated))
                time.member("archived", archived)
            }
        }
    }

    /// The open assistant message's place.
    var openMessage: Int? {
        guard let message = run?.message, !message.isEmpty else { return nil }
        return messages.lastIndex { $0.id == message }
    }

    func place(of message: String) -> Int? { messages.firstIndex { $0.id == message } }
    var newestPrompt: ScriptedMessage1? { messages.last { $0.role == .user } }
}
