// The makers of events: one for each word, so that the order and the names of fields stand in one place. Objects (a message, a part, a
// row …) are made elsewhere and come as bytes.

import Wire

extension Event {
    private static func make(_ kind: EventKind, id: String?, _ body: (inout JSONWriter) -> Void) -> Event {
        Event(
            kind, id: id,
            payload: JSONWriter.object { writer in
                writer.member("type", kind.rawValue)
                body(&writer)
            })
    }

    /// `object` is the session's row, whole.
    public static func session(_ id: String, _ object: [UInt8]) -> Event { make(.session, id: id) { $0.member("session", raw: object) } }
    public static func sessionRemoved() -> Event { make(.sessionRemoved, id: nil) { _ in } }
    public static func message(_ id: String, _ object: [UInt8]) -> Event { make(.message, id: id) { $0.member("message", raw: object) } }
    public static func messageRemoved(_ id: String) -> Event { make(.messageRemoved, id: id) { $0.member("id", id) } }
    public static func part(_ id: String, _ object: [UInt8]) -> Event { make(.part, id: id) { $0.member("part", raw: object) } }
    public static func partRemoved(_ id: String) -> Event { make(.partRemoved, id: id) { $0.member("id", id) } }

    /// `text` is the inside of a JSON string, escapes kept; `field` is `raw` or `output` of a tool part, nil for text and reasoning.
    public static func delta(part id: String, text: some Collection<UInt8>, field: String? = nil) -> Event {
        make(.delta, id: id) { writer in
            writer.member("part", id)
            writer.member("text", rawText: text)
            writer.member("field", field)
        }
    }

    public static func permission(_ id: String, _ object: [UInt8]) -> Event {
        make(.permission, id: id) { $0.member("permission", raw: object) }
    }

    /// `message` is the inside of a JSON string.
    public static func permissionClosed(_ id: String, reply: String, message: [UInt8]? = nil) -> Event {
        make(.permissionClosed, id: id) { writer in
            writer.member("id", id)
            writer.member("reply", reply)
            writer.member("message", rawText: message)
        }
    }

    public static func question(_ id: String, _ object: [UInt8]) -> Event { make(.question, id: id) { $0.member("question", raw: object) } }

    /// `answer` is a JSON object, as it came.
    public static func questionClosed(_ id: String, outcome: String, answer: [UInt8]? = nil) -> Event {
        make(.questionClosed, id: id) { writer in
            writer.member("id", id)
            writer.member("outcome", outcome)
            writer.member("answer", raw: answer)
        }
    }

    /// A JSON array of tasks.
    public static func tasks(_ list: [UInt8]) -> Event { make(.tasks, id: nil) { $0.member("tasks", raw: list) } }
    /// A JSON array of queue items.
    public static func queue(_ list: [UInt8]) -> Event { make(.queue, id: nil) { $0.member("queue", raw: list) } }
    public static func error(_ object: [UInt8]) -> Event { make(.error, id: nil) { $0.member("error", raw: object) } }
    public static func notice(kind: String, text: String) -> Event {
        make(.notice, id: nil) { writer in
            writer.member("kind", kind)
            writer.member("text", text)
        }
    }
    /// A frame that the adapter has no word for, whole.
    public static func upstream(_ payload: some Collection<UInt8>) -> Event {
        make(.upstream, id: nil) { $0.member("payload", raw: payload) }
    }

    public static func status(_ status: SessionStatus) -> Event {
        make(.status, id: nil) { status.writeMembers(to: &$0) }
    }

    public static func turn(_ turn: Turn) -> Event {
        make(.turn, id: String(turn.number)) { turn.writeMembers(to: &$0) }
    }

    /// Times in ms since 1970. `lost` says what may be missing: `deltas`, `history`.
    public static func outage(from: Int64, to: Int64, lost: [String], healed: Bool) -> Event {
        make(.outage, id: String(from)) { writer in
            writer.member("from", Int(from))
            writer.member("to", Int(to))
            writer.member("lost", strings: lost)
            if healed { writer.member("healed", true) }
        }
    }

    public static func entry(_ id: String, _ object: [UInt8]) -> Event { make(.entry, id: id) { $0.member("entry", raw: object) } }
    public static func entryRemoved(_ id: String) -> Event { make(.entryRemoved, id: id) { $0.member("id", id) } }
}
