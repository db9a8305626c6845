// A call of a tool: one flat part, whatever state upstream has it in. What a person must see in one form (`title`, `output`, `changes`) is
// taken from where 2.x puts it. A call never goes back: over is over.

import Wire

struct OpenCode2Tool: Sendable {
    enum State: String { case pending, running, completed, error }

    var id: String
    var message: String
    /// JSON strings.
    var call: [UInt8]
    var name: [UInt8]
    var state = State.pending
    var input: JSONValue?
    /// Arguments that no call followed: a JSON string.
    var raw: [UInt8]?
    /// The inside of a JSON string.
    var output: [UInt8]?
    /// Our arrays.
    var files: [UInt8]?
    var changes: [UInt8]?
    /// Our error object.
    var error: [UInt8]?
    var metadata: JSONValue?
    /// ms since 1970.
    var started: Int?
    var ended: Int?
    /// The provider ran it, not OpenCode.
    var isRemote = false

    init(id: String, message: String, call: [UInt8], name: [UInt8]) {
        self.id = id
        self.message = message
        self.call = call
        self.name = name
    }

    /// From our own part, as the log holds it.
    init?(_ part: JSONValue) {
        guard let id = part["id"]?.string, let message = part["message"]?.string, let call = part["call"].bytes,
            let name = part["name"].bytes
        else { return nil }
        self.init(id: id, message: message, call: call, name: name)
        state = part["state"]?.string.flatMap(State.init(rawValue:)) ?? .pending
        input = part["input"]?.copied()
        raw = part["raw"].bytes
        output = part["output"]?.rawText.map { Array($0) }
        files = part["files"].bytes
        changes = part["changes"].bytes
        error = part["error"].bytes
        metadata = part["metadata"]?.copied()
        started = part["started"]?.int
        ended = part["ended"]?.int
        isRemote = part["extra"]?["executed"]?.bool == true
    }

    var isOver: Bool { state == .completed || state == .error }

    var kind: ToolKind {
        guard name.count > 2 else { return .other }
        return ToolKind(toolNamed: String(decoding: name[1..<name.count - 1], as: UTF8.self))
    }

    /// The end of the call, as `tool.success`, `tool.failed` and the two last states of a row say it.
    mutating func finish(_ result: JSONValue, at time: Int?) {
        state = result["error"] == nil ? .completed : .error
        ended = time
        error = result["error"].map(OpenCode2Words.error)
        if let content = result["content"] {
            output = OpenCode2Words.output(content)
            files = OpenCode2Words.files(content)
        }
        guard let found = result["metadata"] else {
            metadata = nil
            return
        }
        metadata = found.copied()
        changes = found["files"].flatMap(OpenCode2Words.changes)
    }

    /// The part object.
    func object(directory: String?) -> [UInt8] {
        let kind = kind
        return JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("message", message)
            writer.member("type", "tool")
            writer.member("call", raw: call)
            writer.member("name", raw: name)
            writer.member("kind", kind.rawValue)
            writer.member("state", state.rawValue)
            writer.member("input", input)
            if state == .pending || input == nil { writer.member("raw", raw: raw) }
            writer.member("title", rawText: ToolTitle.make(kind, input: input, directory: directory))
            writer.member("started", started)
            writer.rest("metadata", of: metadata, besides: changes == nil ? [] : ["files"])
            writer.member("output", rawText: output)
            writer.member("files", raw: files)
            writer.member("changes", raw: changes)
            writer.member("error", raw: error)
            writer.member("ended", ended)
            if kind == .task { writer.member("session", metadata?["sessionID"]) }
            if isRemote { writer.member("extra", raw: Array(#"{"executed":true}"#.utf8)) }
        }
    }
}
