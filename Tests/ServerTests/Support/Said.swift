// Events of sessions, short.

import RelayProtocol
import Wire

enum Said {
    static func session(_ id: String, title: String = "a title") -> Event {
        .session(
            id,
            JSONWriter.object { writer in
                writer.member("id", id)
                writer.member("title", title)
                writer.member("directory", "/w")
                writer.member("created", 1)
                writer.member("updated", 5)
                writer.member("upstream", "opencode")
            })
    }

    static func message(_ id: String, created: Int) -> Event {
        .message(
            id,
            JSONWriter.object { writer in
                writer.member("id", id)
                writer.member("role", "assistant")
                writer.member("created", created)
            })
    }

    static func text(_ id: String, of message: String, _ text: String) -> Event {
        .part(
            id,
            JSONWriter.object { writer in
                writer.member("id", id)
                writer.member("message", message)
                writer.member("type", "text")
                writer.member("text", text)
            })
    }

    static func delta(_ part: String, _ text: String) -> Event { .delta(part: part, text: Array(text.utf8)) }
}
