// Lines that are no events: what a connection says about itself. They have no position and change no state, `snapshot` excepted. Each maker
// gives a whole line, LF included.

import Wire

public enum ControlLine {
    /// The version that is spoken here …
    public static let protocolVersion = 1
    /// … and its WebSocket subprotocol.
    public static let subprotocol = "reprise.v1"

    /// How a subscribe is answered.
    public enum Start: String, Sendable, Equatable { case exact, snapshot, gap }

    /// Why it is not answered by `exact`.
    public enum Reason: String, Sendable, Equatable {
        /// Something after the position was removed.
        case compacted
        /// The text is no position.
        case malformed
        /// The position's epoch is not one of this topic: it was made again, or the server runs on another log.
        case epoch
        /// The position is above the last event of its epoch: the log was restored from a backup.
        case pastEnd = "past_end"
        /// The reader was too slow, and had asked for a snapshot then.
        case slow
    }

    /// The first line. `first` is the position of the first event that is kept, `head` that of the last one.
    public static func hello(
        topic: TopicName, start: Start, reason: Reason? = nil, first: Position, head: Position,
        heartbeatMilliseconds: Int = Limits.heartbeatMilliseconds
    ) -> [UInt8] {
        line("hello") { writer in
            writer.member("protocol", protocolVersion)
            writer.member("topic", topic.text)
            writer.member("start", start.rawValue)
            writer.member("reason", reason?.rawValue)
            writer.member("first", first.description)
            writer.member("head", head.description)
            writer.member("heartbeat_ms", heartbeatMilliseconds)
        }
    }

    /// `sent` is the last position that was written to this connection.
    public static func heartbeat(head: Position, sent: Position) -> [UInt8] {
        line("heartbeat") { writer in
            writer.member("head", head.description)
            writer.member("sent", sent.description)
        }
    }

    /// `state` is the body of `GET /v1/sessions/{id}` at `position` (`FoldedSession.answer`).
    public static func snapshot(at position: Position, state: [UInt8]) -> [UInt8] {
        line("snapshot") { writer in
            writer.member("position", position.description)
            writer.member("state", raw: state)
        }
    }

    /// `from` is what the client gave (left out if it is not of `[0-9A-Za-z.-]{1,64}`); every event that follows is after `to`. Nil where a
    /// snapshot follows: who is cut off before that has come has nothing to go on from.
    public static func gap(from: String?, to: Position?, reason: Reason) -> [UInt8] {
        line("gap") { writer in
            writer.member("from", from.flatMap { isPlausible($0) ? $0 : nil })
            writer.member("to", to?.description)
            writer.member("reason", reason.rawValue)
        }
    }

    /// The server goes away; come back after this time, each client after its own.
    public static func drain(retryMilliseconds: Int) -> [UInt8] {
        line("drain") { $0.member("retry_ms", retryMilliseconds) }
    }

    public static func error(_ problem: Problem) -> [UInt8] {
        line("error") { $0.member("error", raw: problem.json) }
    }

    /// A page is over: `position` is what to go on from, `head` the topic's last position.
    public static func end(position: Position, head: Position) -> [UInt8] {
        line("end") { writer in
            writer.member("position", position.description)
            writer.member("head", head.description)
        }
    }

    /// A command was carried out; `result` is a JSON object.
    public static func reply(id: String, result: [UInt8]) -> [UInt8] {
        line("reply") { writer in
            writer.member("id", id)
            writer.member("ok", true)
            writer.member("result", raw: result)
        }
    }

    /// A command was not carried out.
    public static func reply(id: String, error problem: Problem) -> [UInt8] {
        line("reply") { writer in
            writer.member("id", id)
            writer.member("ok", false)
            writer.member("error", raw: problem.json)
        }
    }

    private static func line(_ type: StaticString, _ members: (inout JSONWriter) -> Void) -> [UInt8] {
        JSONWriter.object { writer in
            writer.key("type")
            writer.string(type.description)
            members(&writer)
        } + [UInt8(ascii: "\n")]
    }

    private static func isPlausible(_ text: String) -> Bool {
        (1...Limits.positionBytes).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
                }
            }
    }
}
