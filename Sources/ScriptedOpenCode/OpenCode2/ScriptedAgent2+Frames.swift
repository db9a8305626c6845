// Frames of the event stream.

import Wire

/// A durable event counts in its session's sequence.
enum ScriptedDurability {
    case durable(version: Int)
    case volatile
}

extension ScriptedAgent2 {
    /// What opens every event stream.
    mutating func opening(at now: Int64) -> [UInt8] {
        let id = core.identifiers.next("evt_", at: now)
        return Array("data: {\"id\":\"\(id)\",\"type\":\"server.connected\",\"data\":{}}\n\n: heartbeat\n\n".utf8)
    }

    /// One event of a session; its id is given back.
    @discardableResult
    mutating func emit(
        _ type: StaticString, of session: String, at time: Int64, _ durability: ScriptedDurability = .durable(version: 1),
        isLocated: Bool = true,
        isInitial: Bool = false, _ fields: (inout JSONWriter) -> Void = { _ in }
    ) -> String {
        let id = core.identifiers.next("evt_", at: time)
        if case .durable = durability { sessions[session]?.sequence += 1 }
        core.frames += frame(type, id, of: session, at: time, durability, isLocated: isLocated, isInitial: isInitial, fields)
        return id
    }

    func frame(
        _ type: StaticString, _ id: String, of session: String, at time: Int64, _ durability: ScriptedDurability, isLocated: Bool = true,
        isInitial: Bool = false, _ fields: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        let directory = sessions[session]?.directory ?? ""
        let sequence = sessions[session]?.sequence ?? 0
        var writer = JSONWriter(capacity: 512)
        writer.object { frame in
            frame.member("id", id)
            frame.member("created", Int(time))
            if isInitial { frame.member("metadata", raw: Array(#"{"instructions":{"initial":true}}"#.utf8)) }
            frame.member("type", "\(type)")
            if isLocated {
                frame.key("location")
                frame.object { $0.member("directory", directory) }
            }
            frame.key("data")
            frame.object { data in fields(&data) }
            if case .durable(let version) = durability {
                frame.key("durable")
                frame.object { durable in
                    durable.member("aggregateID", session)
                    durable.member("seq", sequence)
                    durable.member("version", version)
                }
            }
        }
        return Array("data: ".utf8) + writer.bytes + Array("\n\n".utf8)
    }

    /// An event of a message.
    mutating func emitInMessage(
        _ type: StaticString, of session: String, at time: Int64, _ durability: ScriptedDurability = .durable(version: 1),
        _ fields: (inout JSONWriter) -> Void = { _ in }
    ) {
        let message = sessions[session]?.run?.message
        emit(type, of: session, at: time, durability) { data in
            data.member("sessionID", session)
            data.member("assistantMessageID", message)
            fields(&data)
        }
    }

    mutating func emitUsage(of session: String, at time: Int64, input: Int, output: Int) {
        sessions[session]?.inputTokens += input
        sessions[session]?.outputTokens += output
        let total = ScriptedTokens(input: sessions[session]?.inputTokens ?? 0, output: sessions[session]?.outputTokens ?? 0)
        emit("session.usage.updated", of: session, at: time, .volatile, isLocated: false) { data in
            data.member("sessionID", session)
            data.member("cost", 0)
            data.key("tokens")
            total.write(to: &data)
        }
    }
}
