// What kind of tool it is, as ACP names the kinds. The tools of both generations stand in one table: a session that was upgraded keeps the
// names of its old calls. What is not listed (MCP's tools above all) is `other`.

enum ToolKind: String, Sendable {
    case read, edit, search, execute, fetch, task, todo, question, think, other

    private static let named: [String: ToolKind] = [
        "read": .read, "list": .read, "lsp": .read,
        "edit": .edit, "write": .edit, "patch": .edit, "apply_patch": .edit, "multiedit": .edit,
        "glob": .search, "grep": .search,
        "bash": .execute, "shell": .execute, "execute": .execute, "batch": .execute,
        "webfetch": .fetch, "websearch": .fetch, "codesearch": .fetch,
        "task": .task, "subagent": .task,
        "todowrite": .todo, "todoread": .todo,
        "question": .question,
        "plan_enter": .think, "plan_exit": .think,
    ]

    /// Of a tool, by its name as upstream says it.
    init(toolNamed name: String) { self = Self.named[name] ?? .other }
}
