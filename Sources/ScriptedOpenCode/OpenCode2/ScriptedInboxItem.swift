// A prompt from its acceptance to its delivery.

import Wire

struct ScriptedInboxItem: Sendable {
    let id: String
    let session: String
    /// Of the acceptance; after the delivery, of that.
    var created: Int64
    /// `text`, and what else came with it.
    let payload: JSONValue
    var delivery: String

    var text: String { payload["text"]?.string ?? "" }

    func json(delivery echoed: String? = nil) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("sessionID", session)
            writer.key("time")
            writer.object { $0.member("created", Int(created)) }
            writer.member("type", "user")
            writer.member("payload", payload)
            writer.member("delivery", echoed ?? delivery)
        }
    }
}
