// How far a command has come, as its row says it and as its owner is told.

import RelayProtocol
import Wire

/// `accepted`: committed, nothing has gone upstream. `sent`: something may have. The others are final.
public enum CommandState: String, Sendable, Hashable {
    case accepted, sent, done, refused, uncertain

    public var isFinal: Bool { self != .accepted && self != .sent }
}

/// What the owner of a command is told, at once and whenever the command comes again.
public struct CommandAnswer: Sendable, Equatable {
    public var id: String
    public var kind: CommandKind
    public var state: CommandState
    /// Of `done` the result (a JSON object), of `refused` and `uncertain` `{"code","detail"}`.
    public var result: [UInt8]?
    public var created: Int64
    public var updated: Int64
    /// It had been accepted before: nothing was done twice.
    public var isReplay: Bool

    /// The body of `GET /v1/sessions/{id}/commands/{command}`, and of a 202.
    public var json: [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("do", kind.rawValue)
            writer.member("state", state.rawValue)
            if state == .done { writer.member("result", raw: result) } else { writer.member("error", raw: result) }
            writer.member("created", Int(created))
            writer.member("updated", Int(updated))
        }
    }

    /// Of a refused or uncertain command: why.
    public var problem: Problem? {
        guard state == .refused || state == .uncertain else { return nil }
        let reason = result.flatMap { try? JSON.parse($0) }
        let code = reason?["code"]?.string.flatMap(ProblemCode.init(rawValue:))
        return Problem(code ?? (state == .uncertain ? .uncertain : .upstreamRefused), reason?["detail"]?.string)
    }
}

extension CommandAnswer {
    /// The id of the session that a create has made.
    public var createdSession: String? {
        guard kind == .create, state == .done, let result else { return nil }
        return (try? JSON.parse(result))?["id"]?.string
    }
}
