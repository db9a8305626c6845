// Frames of the event stream. A durable event comes twice, back to back: plain, then as a twin that counts.

import Wire

extension ScriptedAgent1 {
    /// A frame of no directory.
    mutating func bare(_ type: StaticString, at now: Int64) -> [UInt8] {
        let id = core.identifiers.next("evt_", at: now)
        return Array("data: {\"payload\":{\"id\":\"\(id)\",\"type\":\"\(type)\",\"properties\":{}}}\n\n".utf8)
    }

    /// One event of a session.
    mutating func emit(
        _ type: StaticString, of session: String, at time: Int64, isDurable: Bool = false, _ fields: (inout JSONWriter) -> Void = { _ in }
    ) {
        let properties = JSONWriter.object { data in
            data.member("sessionID", session)
            fields(&data)
        }
        emit("\(type)", properties, in: directory(of: session), counting: isDurable ? session : nil, at: time)
    }

    /// One event of a directory, and its twin if it counts in a session.
    mutating func emit(_ type: String, _ properties: [UInt8], in directory: String, counting session: String? = nil, at time: Int64) {
        let id = core.identifiers.next("evt_", at: time)
        core.frames += frame(type, id, properties, in: directory)
        guard let session else { return }
        sessions[session]?.sequence += 1
        let sequence = sessions[session]?.sequence ?? 0
        core.frames += enveloped(in: directory) { payload in
            payload.member("type", "sync")
            payload.key("syncEvent")
            payload.object { event in
                event.member("id", id)
                event.member("type", type + ".1")
                event.member("seq", sequence)
                event.member("aggregateID", session)
                event.member("data", raw: properties)
            }
            payload.member("id", id)
        }
    }

    func frame(_ type: String, _ id: String, _ properties: [UInt8], in directory: String) -> [UInt8] {
        enveloped(in: directory) { payload in
            payload.member("id", id)
            payload.member("type", type)
            payload.member("properties", raw: properties)
        }
    }

    private func enveloped(in directory: String, _ payload: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.object { frame in
            frame.member("directory", directory)
            frame.member("project", ScriptedSession1.project)
            frame.key("payload")
            frame.object { payload(&$0) }
        }
        return Array("data: ".utf8) + writer.bytes + Array("\n\n".utf8)
    }

    func directory(of session: String) -> String { sessions[session]?.directory ?? options.directory }

    // What is told of the objects.

    mutating func tellRow(_ session: String, _ time: Int64, as type: StaticString = "session.updated") {
        guard let row = sessions[session] else { return }
        let info = row.json(version: version)
        emit(type, of: session, at: time, isDurable: true) { $0.member("info", raw: info) }
    }

    mutating func tell(message id: String, of session: String, _ time: Int64) {
        guard let place = sessions[session]?.place(of: id), let message = sessions[session]?.messages[place] else { return }
        emit("message.updated", of: session, at: time, isDurable: true) { $0.member("info", raw: message.info) }
    }

    mutating func tell(_ part: ScriptedPart1, of message: String, _ session: String, _ time: Int64) {
        emit("message.part.updated", of: session, at: time, isDurable: true) { data in
            data.member("part", raw: part.json(of: message, session))
            data.member("time", Int(time))
        }
    }

    /// A level, which is told at every step anew.
    mutating func tell(status: [UInt8]?, of session: String, _ time: Int64) {
        sessions[session]?.status = status
        emit("session.status", of: session, at: time) { $0.member("status", raw: status ?? Array(#"{"type":"idle"}"#.utf8)) }
    }

    static let busy = Array(#"{"type":"busy"}"#.utf8)

    mutating func tellIdle(_ session: String, _ time: Int64) {
        tell(status: nil, of: session, time)
        emit("session.idle", of: session, at: time)
    }

    mutating func tell(error: [UInt8], of session: String, _ time: Int64) {
        emit("session.error", of: session, at: time) { $0.member("error", raw: error) }
    }

    public mutating func sayUnknown(_ type: String, of session: String?, bytes: Int, now: Int64) {
        let properties = JSONWriter.object { data in
            data.member("sessionID", session)
            data.member("filler", String(repeating: "x", count: bytes))
        }
        emit(type, properties, in: session.map { directory(of: $0) } ?? options.directory, at: now)
    }

    mutating func deltaFrame(_ key: ScriptedPartKey, _ text: String, _ session: String, _ time: Int64) -> [UInt8]? {
        guard let run = sessions[session]?.run, let open = run.openParts.first(where: { $0.key == key }),
            let message = sessions[session]?.openMessage, let parts = sessions[session]?.messages[message].parts
        else { return nil }
        let properties = JSONWriter.object { data in
            data.member("sessionID", session)
            data.member("messageID", run.message)
            data.member("partID", parts[open.place].id)
            data.member("field", "text")
            data.member("delta", text)
        }
        return frame("message.part.delta", core.identifiers.next("evt_", at: time), properties, in: directory(of: session))
    }
}
