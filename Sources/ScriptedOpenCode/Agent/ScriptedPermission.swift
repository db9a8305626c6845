// What a tool asks before it runs.

struct ScriptedPermission: Sendable {
    let id: String
    let session: String
    let message: String
    let call: String
    let ask: ScriptTool.Ask
}

/// What somebody has allowed for good.
struct ScriptedRule: Sendable, Hashable {
    let action: String
    let resource: String

    static func all(of ask: ScriptTool.Ask) -> [ScriptedRule] { ask.save.map { ScriptedRule(action: ask.action, resource: $0) } }
}
