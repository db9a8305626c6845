// A tool call under way.

struct ScriptedCall: Sendable {
    enum Work: Sendable, Equatable {
        case tool
        case question(header: String, String, options: [String])
        case subagent(description: String, prompt: String)
    }

    let id: String
    let tool: ScriptTool
    let work: Work
    /// What `tool.progress` has told: a shell's or a child session's id.
    var shell: String?
    var child: String?
}
