// The bodies of the other commands, as routes and WebSocket messages carry them.

import Wire

/// `POST /v1/sessions`: without a `directory` it is in the first of the server's roots.
public struct CreateBody: Sendable, Equatable {
    public var id: CommandID?
    public var title: String?
    /// An absolute path.
    public var directory: String?
    public var agent: String?
    public var model: ModelName?

    public static func parse(_ bytes: [UInt8]) throws(Problem) -> CreateBody {
        let reader = try BodyReader(bytes, limit: Limits.commandBodyBytes)
        try reader.refuse("repo", "branch")
        let body = CreateBody(
            id: try reader.commandID(), title: try reader.string("title", limit: Limits.titleBytes),
            directory: try reader.string("directory", limit: Limits.pathBytes), agent: try reader.string("agent", limit: Limits.nameBytes),
            model: try reader.model())
        if let directory = body.directory, !directory.hasPrefix("/") || directory.utf8.contains(0) {
            throw Problem(.badRequest, "directory: not an absolute path")
        }
        return body
    }
}

/// `POST /v1/sessions/{id}/stop`.
public struct StopBody: Sendable, Equatable {
    public var id: CommandID?
    /// The turn that the client saw: a later one is not stopped. Nil: the one that runs.
    public var turn: Int?

    public static func parse(_ bytes: [UInt8]) throws(Problem) -> StopBody {
        try StopBody(BodyReader(bytes, limit: Limits.commandBodyBytes))
    }

    init(_ reader: BodyReader) throws(Problem) {
        id = try reader.commandID()
        turn = try reader.integer("turn")
    }
}

/// `POST /v1/sessions/{id}/permissions/{p}`.
public struct PermissionBody: Sendable, Equatable {
    public enum Reply: String, Sendable { case once, always, reject }
    public var id: CommandID?
    public var reply: Reply
    /// What the agent is told along with a reject.
    public var message: String?

    public static func parse(_ bytes: [UInt8]) throws(Problem) -> PermissionBody {
        try PermissionBody(BodyReader(bytes, limit: Limits.commandBodyBytes))
    }

    init(_ reader: BodyReader) throws(Problem) {
        id = try reader.commandID()
        guard let reply = Reply(rawValue: try reader.required("reply", limit: Limits.nameBytes)) else {
            throw Problem(.badRequest, "reply: not one of once, always, reject")
        }
        self.reply = reply
        message = try reader.string("message", limit: Limits.commandBodyBytes)
    }
}

/// `POST /v1/sessions/{id}/questions/{q}`: either an answer or a rejection.
public struct QuestionBody: Sendable, Equatable {
    public var id: CommandID?
    /// A JSON object `{key: value}` on one line; nil rejects.
    public var answer: [UInt8]?

    public static func parse(_ bytes: [UInt8]) throws(Problem) -> QuestionBody {
        try QuestionBody(BodyReader(bytes, limit: Limits.commandBodyBytes))
    }

    init(_ reader: BodyReader) throws(Problem) {
        id = try reader.commandID()
        let rejects = reader.body["reject"]?.bool == true
        guard rejects != (reader.body["answer"] != nil) else { throw Problem(.badRequest, "answer or reject: exactly one of them") }
        guard reader.body["answer"]?.isObject != false else { throw Problem(.badRequest, "answer: not an object") }
        answer = reader.body["answer"].map { JSON.onOneLine(Array($0.raw)) }
    }
}
