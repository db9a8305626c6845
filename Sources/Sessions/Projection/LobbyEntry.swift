// What a list shows of a session, whole: the object of the lobby's `entry` and of `GET /v1/sessions`, made in one place.

import RelayProtocol
import Wire

enum LobbyEntry {
    static let lastCharacters = 200

    /// Nil before the session's row is known.
    static func object(_ row: SessionRow) -> [UInt8]? {
        guard let object = row.object, let session = try? JSON.parse(object) else { return nil }
        return JSONWriter.object { writer in
            writer.member("id", row.id)
            writer.member("title", session["title"])
            writer.member("directory", session["directory"])
            writer.member("repo", session["repo"])
            writer.member("branch", session["branch"])
            writer.member("parent", session["parent"])
            writer.member("agent", session["agent"])
            writer.member("model", session["model"])
            writer.member("status", row.statusName)
            writer.key("waiting")
            writer.object { waiting in
                waiting.member("permissions", row.openPermissions)
                waiting.member("questions", row.openQuestions)
            }
            writer.member("updated", Int(row.updated))
            writer.member("archived", session["archived"])
            if row.isRemoved { writer.member("gone", true) }
            writer.member("last", row.last)
        }
    }

    /// The beginning of a text on one line. Bytes in, so that no half of a surrogate pair is cut off.
    static func words(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return String(line.prefix(lastCharacters))
    }
}
