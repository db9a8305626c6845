// A part that was said: enough to leave out what would be said twice, to tell growing from sliding output, and not to fall behind when a
// late frame meets a newer read.

import Wire

/// A part that was said.
struct OpenCode1KnownPart {
    var kind: OpenCode1Part.Kind
    /// Of what was said last; of a running tool without its output.
    var print: UInt64
    var isOpen: Bool
    /// It was found by a read, streaming, and nothing of it was heard: if its beginning comes yet, no word is missing.
    var isUnheard = false
    var stage: Int
    /// Of a running tool: what the log has of it, the inside of a JSON string.
    var output: [UInt8] = []
    /// When the part was last said whole.
    var saidAt: Int64 = 0
    /// A preview that slides, held back until its time.
    var heldBack: [UInt8]?

    /// The call of a tool.
    var call: String?
    /// A tool that a person refused.
    var isRefused = false

    init(_ part: OpenCode1Part, now: Int64) {
        let object = try? JSON.parse(part.object)
        kind = part.kind
        print = object.map { OpenCode1Words.fingerprint($0) } ?? 0
        isOpen = part.isOpen
        stage = part.stage
        output = Array(part.output)
        saidAt = now
        takeTool(object)
    }

    /// From the log or a read, in our words: `grown` is what deltas added to its output since.
    init(_ object: JSONValue, grown: [UInt8]) {
        let type = object["type"]
        kind = type?.says("tool") == true ? .tool : type?.says("compaction") == true ? .compaction : .text
        isOpen = object["open"]?.bool == true
        let state = object["state"]
        stage = state?.says("pending") == true ? 0 : state?.says("running") == true ? 1 : 2
        let isRunningTool = type?.says("tool") == true && stage == 1
        print = OpenCode1Words.fingerprint(object, besides: isRunningTool ? ["output"] : [])
        if isRunningTool { output = (object["output"]?.rawText.map { Array($0) } ?? []) + grown }
        takeTool(object)
    }

    private mutating func takeTool(_ object: JSONValue?) {
        guard kind == .tool else { return }
        call = object?["call"]?.string
        let error = object?["error"]?.rawText ?? []
        isRefused = error.starts(with: "The user rejected".utf8) || error.starts(with: "The user dismissed".utf8)
    }
}
