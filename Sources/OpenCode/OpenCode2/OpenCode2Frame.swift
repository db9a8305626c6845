// The envelope of a 2.x event: `{id, created, type, metadata?, location?, durable?: {aggregateID, seq, version}, data}`, members in any
// order. Durable or not is decided by the presence of `durable`, never by the type.

import Wire

struct OpenCode2Frame {
    let whole: JSONValue
    private(set) var type: JSONValue?
    private(set) var id: JSONValue?
    private(set) var data: JSONValue?
    private(set) var metadata: JSONValue?
    private var time: JSONValue?
    private var durable: JSONValue?

    init(_ frame: JSONValue) {
        whole = frame
        frame.forEachMember { key, value in
            if value.isNull { return }
            if key.says("type") { type = value }
            if key.says("id") { id = value }
            if key.says("data") { data = value }
            if key.says("created") { time = value }
            if key.says("durable") { durable = value }
            if key.says("metadata") { metadata = value }
        }
    }

    /// ms since 1970; 0 where the frame has none.
    var created: Int { time?.int ?? 0 }
    var sequence: Int? { durable?["seq"]?.int }
    var version: Int? { durable?["version"]?.int }

    /// The id that REST gives the row that this event makes: `msg_` and the event's own.
    var rowID: String? {
        guard let text = id?.string, text.hasPrefix("evt_") else { return nil }
        return "msg_" + text.dropFirst(4)
    }

    /// The session it belongs to. A form's stands inside the form.
    var session: String? {
        guard let id = data?["sessionID"] ?? data?["form"]?["sessionID"] ?? durable?["aggregateID"], let text = id.rawText,
            text.starts(with: "ses_".utf8)
        else { return nil }
        return id.string
    }
}
