// A tool call under way.

struct ScriptedCall: Sendable {
    enum Work: Sendable, Equatable {
        case tool
        case question(header: String, String, options: [ScriptOption])
        case subagent(description: String, prompt: String)
    }

    let id: String
    let tool: ScriptTool
    let work: Work
    /// A shell's or a child session's id.
    var shell: String?
    var child: String?
    /// When it began to run.
    var ran: Int64?
    /// How often its progress was told.
    var told = 0

    /// The input of the question tool.
    static func questionInput(_ header: String, _ text: String, _ options: [ScriptOption]) -> String {
        let list = options.map { #"{"label":\#(ScriptTool.quoted($0.label)),"description":\#(ScriptTool.quoted($0.description))}"# }
        return
            #"{"questions":[{"question":\#(ScriptTool.quoted(text)),"header":\#(ScriptTool.quoted(header)),"options":[\#(list.joined(separator: ","))]}]}"#
    }
}
