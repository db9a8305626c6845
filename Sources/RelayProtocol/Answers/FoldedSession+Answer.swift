// The state as JSON: the body of `GET /v1/sessions/{id}`, the `state` of a snapshot, and a page of older messages. Lists are always there,
// if empty; what is unknown is absent.

import Wire

extension FoldedSession {
    /// The body of `GET /v1/sessions/{id}`. `position` is the topic's last offset in the transaction that gave the state; `before` gives
    /// the page of messages before this one; `isImported` is false while an import still runs.
    public func answer(position: Position, before: String? = nil, isImported: Bool = true) -> [UInt8] {
        JSONWriter.object { writer in
            writeMembers(turns: turnsOfPage, to: &writer)
            Self.write(position, before, to: &writer)
            if !isImported { writer.member("imported", false) }
        }
    }

    /// The body of `GET /v1/sessions/{id}/messages`.
    public func messagesAnswer(position: Position, before: String? = nil) -> [UInt8] {
        JSONWriter.object { writer in
            writeMessages(turns: turnsOfPage, to: &writer)
            Self.write(position, before, to: &writer)
        }
    }

    private static func write(_ position: Position, _ before: String?, to writer: inout JSONWriter) {
        writer.member("position", position.description)
        writer.member("before", before)
    }

    func writeMembers(turns: [Turn], to writer: inout JSONWriter) {
        writer.member("session", raw: row)
        writer.key("status")
        writer.object { status.writeMembers(to: &$0) }
        writer.member("error", error)
        writeMessages(turns: turns, to: &writer)
        writer.member("tasks", raw: list(tasks))
        writer.key("permissions")
        writer.array { writer in for card in permissions { writer.raw(card.object.raw) } }
        writer.key("questions")
        writer.array { writer in for card in questions { writer.raw(card.object.raw) } }
        writer.member("queue", raw: list(queue))
    }

    private func writeMessages(turns: [Turn], to writer: inout JSONWriter) {
        writer.key("turns")
        writer.array { writer in for turn in turns { writer.object { turn.writeMembers(to: &$0) } } }
        writer.key("messages")
        writer.array { writer in for message in messages { message.write(to: &writer) } }
    }

    /// Those that the messages belong to, by `turn` or as its prompts, and the newest.
    private var turnsOfPage: [Turn] {
        let numbers = Set(messages.compactMap { $0.object["turn"]?.int })
        let ids = Set(messages.map(\.id))
        return turns.enumerated().filter { place, turn in
            place == turns.count - 1 || numbers.contains(turn.number) || turn.prompts.contains(where: ids.contains)
        }.map(\.element)
    }

    private func list(_ value: JSONValue?) -> ArraySlice<UInt8> { value?.raw ?? Self.emptyList[...] }
    private static let emptyList = Array("[]".utf8)

    /// The row; of a removed session with `gone`.
    private var row: [UInt8]? {
        guard isRemoved, session?["gone"]?.bool != true else { return session.map { Array($0.raw) } }
        return JSONWriter.object { writer in
            for (key, value) in session?.members ?? [] where key != "gone" {
                writer.key(named: key)
                writer.raw(value.raw)
            }
            writer.member("gone", true)
        }
    }
}
