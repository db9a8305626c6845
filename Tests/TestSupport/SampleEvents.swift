// Events of sessions, short.

import RelayProtocol
import Wire

public enum SampleEvents {
    public static func session(_ id: String, title: String = "a title", parent: String? = nil, updated: Int = 5, archived: Int? = nil)
        -> Event
    {
        .session(
            id,
            JSONWriter.object { writer in
                writer.member("id", id)
                writer.member("title", title)
                writer.member("directory", "/w")
                writer.member("parent", parent)
                writer.member("created", 1)
                writer.member("updated", updated)
                writer.member("archived", archived)
                writer.member("upstream", "opencode")
            })
    }

    public static func message(_ id: String, created: Int, role: String = "assistant", turn: Int? = nil, parts: [String]? = nil) -> Event {
        .message(
            id,
            JSONWriter.object { writer in
                writer.member("id", id)
                writer.member("role", role)
                writer.member("created", created)
                writer.member("turn", turn)
                writer.member("parts", strings: parts)
            })
    }

    public static func text(_ id: String, of message: String, _ text: String, type: String = "text") -> Event {
        .part(
            id,
            JSONWriter.object { writer in
                writer.member("id", id)
                writer.member("message", message)
                writer.member("type", type)
                writer.member("text", text)
            })
    }

    public static func delta(_ id: String, _ text: String, field: String? = nil) -> Event {
        .delta(part: id, text: Array(text.utf8), field: field)
    }

    public static func permission(_ id: String, session: String) -> Event {
        .permission(id, Array(#"{"id":"\#(id)","session":"\#(session)","action":"shell","resources":["ls"]}"#.utf8))
    }

    public static func question(_ id: String, session: String) -> Event {
        .question(id, Array(#"{"id":"\#(id)","session":"\#(session)","fields":[]}"#.utf8))
    }
}
