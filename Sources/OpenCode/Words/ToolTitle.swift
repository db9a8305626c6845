// The one line that a person reads of a tool's call, made from its input where upstream gives none. Bytes in, bytes out: what is shown is
// a piece of what was written, with its escapes.

import Wire

enum ToolTitle {
    /// The inside of a JSON string; nil where the input says nothing that fits in a line.
    static func make(_ kind: ToolKind, input: JSONValue?, directory: String?) -> ArraySlice<UInt8>? {
        guard let input else { return nil }
        let title: ArraySlice<UInt8>? =
            switch kind {
            case .read, .edit: (input["filePath"] ?? input["path"] ?? input["file_path"])?.rawText.map { below($0, directory) }
            case .search: input["pattern"]?.rawText
            case .execute: input["command"]?.rawText.map(firstLine)
            case .fetch: (input["url"] ?? input["query"])?.rawText
            case .task: input["description"]?.rawText
            case .todo, .question, .think, .other: nil
            }
        return title?.isEmpty == false ? title : nil
    }

    /// Up to the first escaped line break.
    private static func firstLine(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var at = text.startIndex
        while let escape = text[at...].firstIndex(of: UInt8(ascii: "\\")), escape + 1 < text.endIndex {
            let letter = text[escape + 1]
            if letter == UInt8(ascii: "n") || letter == UInt8(ascii: "r") { return text[..<escape] }
            at = escape + 2
        }
        return text
    }

    /// A path below the session's directory is shown without it.
    private static func below(_ path: ArraySlice<UInt8>, _ directory: String?) -> ArraySlice<UInt8> {
        guard let directory, !directory.isEmpty else { return path }
        var root: [UInt8] = []
        JSONText.appendEscaped(directory.hasSuffix("/") ? directory : directory + "/", to: &root)
        return path.count > root.count && path.starts(with: root) ? path.dropFirst(root.count) : path
    }
}
