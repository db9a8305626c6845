// The model of a session or a message of 1.18, which writes it in two ways.

import Wire

struct ScriptedModel1: Sendable, Equatable {
    let provider: String
    let id: String
    var variant: String?

    static let standard = ScriptedModel1(provider: "mock", id: "scripted")

    func writeForSession(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("providerID", provider)
            writer.member("variant", variant ?? "default")
        }
    }

    func writeForMessage(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("providerID", provider)
            writer.member("modelID", id)
            writer.member("variant", variant)
        }
    }
}
