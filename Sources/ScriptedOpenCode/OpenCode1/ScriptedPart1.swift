// A part of a message of 1.18. A text that streams is empty until it ends: what was said of it so far is nowhere but on the stream.

import Wire

struct ScriptedPart1: Sendable {
    /// Every step says the same: nothing is kept.
    static let snapshot = "c9d2a4c61f4dbcd489fc0e2031cec69f1870394d"

    enum Body: Sendable {
        /// As the prompt brought it: its members, JSON.
        case given(JSONValue)
        case words(ScriptedPartKey.Kind, text: String, start: Int64, end: Int64?)
        case tool(ScriptedToolState1)
        case stepStart
        case stepFinish(reason: String, ScriptedTokens1)
        case patch(files: [String])
    }

    let id: String
    var body: Body

    var text: String? {
        guard case .given(let part) = body, part["type"]?.says("text") == true else { return nil }
        return part["text"]?.string
    }

    func json(of message: String, _ session: String) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("messageID", message)
            writer.member("sessionID", session)
            write(&writer)
        }
    }

    private func write(_ writer: inout JSONWriter) {
        switch body {
        case .given(let part): Self.write(given: part, to: &writer)
        case .words(let kind, let text, let start, let end):
            writer.member("type", kind.rawValue)
            writer.member("text", text)
            Self.write(from: start, until: end, to: &writer)
        case .tool(let tool): tool.write(to: &writer)
        case .stepStart:
            writer.member("type", "step-start")
            writer.member("snapshot", Self.snapshot)
        case .stepFinish(let reason, let tokens): Self.write(finish: reason, tokens, to: &writer)
        case .patch(let files):
            writer.member("type", "patch")
            writer.member("hash", Self.snapshot)
            writer.member("files", strings: files)
        }
    }

    private static func write(given part: JSONValue, to writer: inout JSONWriter) {
        for (key, value) in part.members where key != "id" {
            writer.key(named: key)
            writer.raw(value.raw)
        }
    }

    private static func write(from start: Int64, until end: Int64?, to writer: inout JSONWriter) {
        writer.key("time")
        writer.object { time in
            time.member("start", Int(start))
            time.member("end", end.map { Int($0) })
        }
    }

    private static func write(finish reason: String, _ tokens: ScriptedTokens1, to writer: inout JSONWriter) {
        writer.member("type", "step-finish")
        writer.member("reason", reason)
        writer.member("snapshot", snapshot)
        writer.key("tokens")
        tokens.write(to: &writer)
        writer.member("cost", 0)
    }
}
