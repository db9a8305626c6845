// What a session is doing, as events and answers say it.

import Wire

public enum SessionStatus: Sendable, Equatable {
    case idle, busy, stopping
    /// `message` is the inside of a JSON string, `next` a time in ms since 1970.
    case retry(attempt: Int?, message: [UInt8]?, next: Int?)

    public var name: String {
        switch self {
        case .idle: "idle"
        case .busy: "busy"
        case .stopping: "stopping"
        case .retry: "retry"
        }
    }

    /// From the payload of a `status` event, or from `status` of an answer; nil for a word that is not known.
    public init?(payload: JSONValue) {
        switch payload["status"]?.string {
        case "idle": self = .idle
        case "busy": self = .busy
        case "stopping": self = .stopping
        case "retry":
            self = .retry(
                attempt: payload["attempt"]?.int, message: payload["message"]?.rawText.map { Array($0) }, next: payload["next"]?.int)
        default: return nil
        }
    }

    /// The members that follow `type` in an event, and are all of `status` in an answer.
    public func writeMembers(to writer: inout JSONWriter) {
        writer.member("status", name)
        guard case .retry(let attempt, let message, let next) = self else { return }
        writer.member("attempt", attempt)
        writer.member("message", rawText: message)
        writer.member("next", next)
    }

    /// A JSON object.
    public var json: [UInt8] { JSONWriter.object { writeMembers(to: &$0) } }
}
