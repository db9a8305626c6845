// What the scripted agent answers to one request.

import Wire

public enum ScriptedReply: Sendable, Equatable {
    /// An empty `type` is an answer without a body.
    case answer(status: Int, type: String, body: [UInt8])
    /// The event stream: begin with `opening`, then every frame from now on.
    case events(opening: [UInt8])
    /// A stream that says this once and then nothing for ever.
    case silence(opening: [UInt8])

    static let done = ScriptedReply.answer(status: 204, type: "", body: [])
    static let nowhere = ScriptedReply.answer(status: 404, type: "", body: [])

    static func json(_ body: [UInt8], status: Int = 200) -> ScriptedReply { .answer(status: status, type: "application/json", body: body) }

    /// `{"data": …}`
    static func data(_ value: [UInt8]) -> ScriptedReply { json(JSONWriter.object { $0.member("data", raw: value) }) }

    static func data(_ write: (inout JSONWriter) -> Void) -> ScriptedReply {
        json(
            JSONWriter.object { writer in
                writer.key("data")
                write(&writer)
            })
    }
}

/// A refusal with the tag that clients tell it by.
struct ScriptedProblem: Error, Sendable {
    let status: Int
    let tag: String
    let message: String
    var fields: [(StaticString, String)] = []

    var reply: ScriptedReply {
        .json(
            JSONWriter.object { writer in
                writer.member("_tag", tag)
                for (name, value) in fields { writer.member(name, value) }
                writer.member("message", message)
            }, status: status)
    }

    static func invalid(_ message: String, kind: String = "Payload") -> ScriptedProblem {
        ScriptedProblem(status: 400, tag: "InvalidRequestError", message: message, fields: [("kind", kind)])
    }

    static func noSession(_ id: String) -> ScriptedProblem {
        ScriptedProblem(status: 404, tag: "SessionNotFoundError", message: "Session not found: \(id)", fields: [("sessionID", id)])
    }

    static func noPermission(_ id: String) -> ScriptedProblem {
        ScriptedProblem(
            status: 404, tag: "PermissionNotFoundError", message: "Permission request not found: \(id)", fields: [("requestID", id)])
    }

    static func noForm(_ id: String) -> ScriptedProblem {
        ScriptedProblem(status: 404, tag: "FormNotFoundError", message: "Form not found: \(id)", fields: [("id", id)])
    }

    static func settled(_ id: String) -> ScriptedProblem {
        ScriptedProblem(status: 409, tag: "FormAlreadySettledError", message: "Form already settled: \(id)", fields: [("id", id)])
    }

    static func conflict(_ message: String, _ id: String) -> ScriptedProblem {
        ScriptedProblem(status: 409, tag: "ConflictError", message: message, fields: [("resource", id)])
    }

    static let badCursor = ScriptedProblem(status: 400, tag: "InvalidCursorError", message: "Invalid cursor")
}
