// A question: a form with one field. A settled one can still be read.

import Wire

struct ScriptedForm: Sendable {
    enum State: Sendable, Equatable {
        case pending
        case answered([UInt8])
        case cancelled
    }

    static let field = "q0"

    let id: String
    let session: String
    let message: String
    let call: String
    let header: String
    let question: String
    let options: [ScriptOption]
    var state = State.pending

    func json(withState: Bool = false) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("sessionID", session)
            writer.member("title", "Questions")
            writer.key("metadata")
            writer.object { metadata in
                metadata.member("kind", "question")
                metadata.key("tool")
                metadata.object { tool in
                    tool.member("messageID", message)
                    tool.member("id", call)
                }
            }
            writer.key("fields")
            writer.array { fields in fields.object { field in writeField(&field) } }
            if withState { writeState(&writer) }
        }
    }

    private func writeField(_ field: inout JSONWriter) {
        field.member("key", Self.field)
        field.member("title", header)
        field.member("description", question)
        field.member("type", "string")
        field.key("options")
        field.array { list in
            for option in options {
                list.object { entry in
                    entry.member("value", option.label)
                    entry.member("label", option.label)
                    entry.member("description", option.description)
                }
            }
        }
        field.member("custom", true)
    }

    private func writeState(_ writer: inout JSONWriter) {
        writer.key("state")
        writer.object { inner in
            switch state {
            case .pending: inner.member("status", "pending")
            case .cancelled: inner.member("status", "cancelled")
            case .answered(let answer):
                inner.member("status", "answered")
                inner.member("answer", raw: answer)
            }
        }
    }
}
