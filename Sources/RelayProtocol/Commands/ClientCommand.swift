// A command over a WebSocket: `{"id":…,"do":"prompt"|"stop"|"permission"|"question",…}` with the fields of the same verb's body. It is
// answered by a `reply` line with its id.

import Wire

public struct ClientCommand: Sendable, Equatable {
    public enum Verb: Sendable, Equatable {
        case prompt(PromptBody)
        case stop(StopBody)
        /// The card is named by `permission`.
        case permission(String, PermissionBody)
        /// The card is named by `question`.
        case question(String, QuestionBody)
    }

    public var id: CommandID
    public var verb: Verb

    /// Why a message is no command. With an id it is answered by `reply`, else by an `error` line.
    public struct Refusal: Error, Sendable, Equatable {
        public var id: CommandID?
        public var problem: Problem

        /// The line that answers it.
        public var line: [UInt8] { id.map { ControlLine.reply(id: $0.text, error: problem) } ?? ControlLine.error(problem) }
    }

    public static func parse(_ message: [UInt8]) throws(Refusal) -> ClientCommand {
        var known: CommandID?
        do throws(Problem) {
            let reader = try BodyReader(message, limit: Limits.messageBytes)
            known = try reader.commandID()
            guard let id = known else { throw Problem(.invalidCommandID, "id: missing") }
            return ClientCommand(id: id, verb: try verb(reader))
        } catch {
            throw Refusal(id: known, problem: error)
        }
    }

    private static func verb(_ reader: BodyReader) throws(Problem) -> Verb {
        let verb = try reader.required("do", limit: Limits.nameBytes)
        if verb != "prompt", reader.body.raw.count > Limits.commandBodyBytes {
            throw Problem(.payloadTooLarge, "a command that is no prompt is at most \(Limits.commandBodyBytes) bytes")
        }
        switch verb {
        case "prompt": return .prompt(try PromptBody(reader))
        case "stop": return .stop(try StopBody(reader))
        case "permission": return .permission(try reader.required("permission", limit: Limits.idBytes), try PermissionBody(reader))
        case "question": return .question(try reader.required("question", limit: Limits.idBytes), try QuestionBody(reader))
        default: throw Problem(.notImplemented, "do: not one of prompt, stop, permission, question")
        }
    }
}
