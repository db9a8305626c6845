// What a tool asks before it runs.

import Wire

struct ScriptedPermission: Sendable {
    let id: String
    let session: String
    let message: String
    let call: String
    let ask: ScriptTool.Ask

    func write(to writer: inout JSONWriter) {
        writer.member("id", id)
        writer.member("sessionID", session)
        writer.member("action", ask.action)
        writer.member("resources", strings: ask.resources)
        writer.member("save", strings: ask.save)
        writer.member("metadata", raw: ask.metadata.map { Array($0.utf8) })
        writer.key("source")
        writer.object { source in
            source.member("type", "tool")
            source.member("messageID", message)
            source.member("id", call)
        }
    }
}

/// What somebody has allowed for good.
struct ScriptedRule: Sendable, Hashable {
    let action: String
    let resource: String

    static func all(of ask: ScriptTool.Ask) -> [ScriptedRule] { ask.save.map { ScriptedRule(action: ask.action, resource: $0) } }
}
