// The envelope of a frame: `{directory?, project?, workspace?, payload: {id, type, properties}}`. Each durable event comes twice, back to
// back: plain, then inside a `sync` frame (its twin) with the same id and the session's `seq`.

import Wire

struct OpenCode1Frame {
    /// The event's type; of a twin that of the event inside, with its version (`message.updated.1`).
    let type: JSONValue?
    let properties: JSONValue?
    let id: JSONValue?
    /// A twin's count within its session, from 0 and without holes.
    let sequence: Int?
    let isTwin: Bool
    private let aggregate: JSONValue?

    init(_ frame: JSONValue) {
        let payload = frame["payload"] ?? frame
        if payload["type"]?.says("sync") == true, let event = payload["syncEvent"] {
            type = event["type"]
            properties = event["data"]
            id = event["id"]
            sequence = event["seq"]?.int
            aggregate = event["aggregateID"]
            isTwin = true
        } else {
            type = payload["type"]
            properties = payload["properties"]
            id = payload["id"]
            sequence = nil
            aggregate = nil
            isTwin = false
        }
    }

    /// The session it belongs to; older servers say it only inside the object.
    var session: String? {
        guard let found = named, found.starts(with: "ses".utf8) else { return nil }
        return String(decoding: found, as: UTF8.self)
    }

    private var named: ArraySlice<UInt8>? {
        if let aggregate { return aggregate.rawText }
        if let id = properties?["sessionID"]?.rawText { return id }
        if let id = properties?["part"]?["sessionID"]?.rawText { return id }
        guard let info = properties?["info"] else { return nil }
        if let id = info["sessionID"]?.rawText { return id }
        guard type?.rawText?.starts(with: "session.".utf8) == true else { return nil }
        return info["id"]?.rawText
    }
}
