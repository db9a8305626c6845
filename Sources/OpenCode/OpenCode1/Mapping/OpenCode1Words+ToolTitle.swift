// What kind of tool it is, and the one line that a person reads of a call.

import Wire

extension OpenCode1Words {
    /// Kinds of tools, as ACP names them.
    enum ToolKind: String {
        case read, edit, search, execute, fetch, task, todo, question, think, other
    }

    private static let kinds: [(kind: ToolKind, names: [StaticString])] = [
        (.read, ["read", "list", "lsp"]),
        (.edit, ["edit", "write", "patch", "apply_patch", "multiedit"]),
        (.search, ["glob", "grep"]),
        (.execute, ["bash", "shell", "execute", "batch"]),
        (.fetch, ["webfetch", "websearch", "codesearch"]),
        (.task, ["task", "subagent"]),
        (.todo, ["todowrite", "todoread"]),
        (.question, ["question"]),
        (.think, ["plan_enter", "plan_exit"]),
    ]

    static func kind(ofTool name: JSONValue?) -> ToolKind {
        guard let name else { return .other }
        return kinds.first { $0.names.contains { name.says($0) } }?.kind ?? .other
    }

    /// Upstream's title, else one made from the input. The inside of a JSON string.
    static func title(_ state: JSONValue?, _ kind: ToolKind, directory: String?) -> ArraySlice<UInt8>? {
        if let title = state?["title"]?.rawText, !title.isEmpty { return title }
        guard let input = state?["input"] else { return nil }
        let made: ArraySlice<UInt8>? =
            switch kind {
            case .read, .edit: (input["filePath"] ?? input["path"] ?? input["file_path"])?.rawText.map { below($0, directory) }
            case .search: input["pattern"]?.rawText
            case .execute: input["command"]?.rawText.map(firstLine)
            case .fetch: (input["url"] ?? input["query"])?.rawText
            case .task: input["description"]?.rawText
            case .todo, .question, .think, .other: nil
            }
        return made?.isEmpty == false ? made : nil
    }

    private static func firstLine(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var at = text.startIndex
        while at < text.endIndex {
            guard text[at] == UInt8(ascii: "\\"), at + 1 < text.endIndex else {
                at += 1
                continue
            }
            if text[at + 1] == UInt8(ascii: "n") || text[at + 1] == UInt8(ascii: "r") { return text[..<at] }
            at += 2
        }
        return text
    }

    /// A path below the session's directory is shown without it.
    private static func below(_ path: ArraySlice<UInt8>, _ directory: String?) -> ArraySlice<UInt8> {
        guard let directory, !directory.isEmpty else { return path }
        var root: [UInt8] = []
        JSONText.appendEscaped(directory.hasSuffix("/") ? directory : directory + "/", to: &root)
        guard path.count > root.count, path.starts(with: root) else { return path }
        return path.dropFirst(root.count)
    }
}
