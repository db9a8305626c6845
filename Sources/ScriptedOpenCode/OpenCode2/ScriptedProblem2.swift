// Refusals of 2.x, with the tag that clients tell them by, and what a request must bring.

import Wire

extension ScriptedProblem {
    private static func tagged(_ status: Int, _ tag: String, _ message: String, _ fields: [(StaticString, String)] = []) -> ScriptedProblem
    {
        ScriptedProblem(
            reply: .json(
                JSONWriter.object { writer in
                    writer.member("_tag", tag)
                    for (name, value) in fields { writer.member(name, value) }
                    writer.member("message", message)
                }, status: status))
    }

    static func invalid(_ message: String, kind: String = "Payload") -> ScriptedProblem {
        tagged(400, "InvalidRequestError", message, [("kind", kind)])
    }

    static func wrongAttachment(_ message: String) -> ScriptedProblem { tagged(400, "InvalidRequestError", message, [("field", "files")]) }

    static func noSession(_ id: String) -> ScriptedProblem {
        tagged(404, "SessionNotFoundError", "Session not found: \(id)", [("sessionID", id)])
    }

    static func noMessage(_ id: String, _ session: String) -> ScriptedProblem {
        tagged(404, "MessageNotFoundError", "Message not found: \(id)", [("sessionID", session), ("messageID", id)])
    }

    static func noPermission(_ id: String) -> ScriptedProblem {
        tagged(404, "PermissionNotFoundError", "Permission request not found: \(id)", [("requestID", id)])
    }

    static func noForm(_ id: String) -> ScriptedProblem { tagged(404, "FormNotFoundError", "Form not found: \(id)", [("id", id)]) }

    static func wrongAnswer(_ message: String, _ id: String) -> ScriptedProblem {
        tagged(400, "FormInvalidAnswerError", message, [("id", id)])
    }

    static func settled(_ id: String) -> ScriptedProblem {
        tagged(409, "FormAlreadySettledError", "Form already settled: \(id)", [("id", id)])
    }

    static func conflict(_ message: String, _ id: String) -> ScriptedProblem { tagged(409, "ConflictError", message, [("resource", id)]) }

    static let orderedCursor = tagged(400, "InvalidCursorError", "Cursor cannot be combined with order")
    static let badCursor = tagged(400, "InvalidCursorError", "Invalid cursor")
}

extension ScriptedRequest {
    /// The body, which must be an object.
    func body() throws(ScriptedProblem) -> JSONValue {
        guard let value = json else { throw .invalid("Expected a valid JSON body") }
        guard value.isObject else { throw .invalid("Expected object") }
        return value
    }

    func limit(_ standard: Int, atMost: Int) throws(ScriptedProblem) -> Int {
        guard let text = query("limit") else { return standard }
        guard let limit = Int(text), limit >= 1 else {
            throw .invalid("Expected a value greater than or equal to 1\n  at [\"limit\"]", kind: "Query")
        }
        guard limit <= atMost else { throw .invalid("Expected a value less than or equal to \(atMost)\n  at [\"limit\"]", kind: "Query") }
        return limit
    }
}

extension JSONValue {
    /// A member that must be a string.
    func text(_ name: StaticString) throws(ScriptedProblem) -> String {
        guard let value = member(name) else { throw .invalid("Missing key\n  at [\"\(name)\"]") }
        guard let text = value.string else { throw .invalid("Expected string\n  at [\"\(name)\"]") }
        return text
    }
}

extension ScriptedReply {
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
