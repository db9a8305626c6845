// A prompt from its acceptance to its delivery; or what OpenCode itself has to say to the model with the next one.

import Wire

struct ScriptedInboxItem: Sendable {
    enum Kind: String, Sendable { case user, synthetic }

    let id: String
    let session: String
    /// Of the acceptance; after the delivery, of that.
    var created: Int64
    /// `text`, and what else came with it.
    let payload: JSONValue
    var delivery: String
    var kind = Kind.user

    var text: String { payload["text"]?.string ?? "" }

    func json(delivery echoed: String? = nil) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("sessionID", session)
            writer.key("time")
            writer.object { $0.member("created", Int(created)) }
            writer.member("type", kind.rawValue)
            writer.member("payload", payload)
            writer.member("delivery", echoed ?? delivery)
        }
    }
}
