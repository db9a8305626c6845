// Cursors of lists: opaque to clients, the id and time of a row and a direction inside.

import Wire

struct ScriptedCursor {
    let id: String
    let time: Int64
    let isForward: Bool

    /// Nil for nil; anything that was not made here is refused.
    static func read(_ text: String?) throws(ScriptedProblem) -> ScriptedCursor? {
        guard let text else { return nil }
        guard let bytes = Base64.decode(text, alphabet: .url), let value = try? JSON.parse(bytes), let id = value["id"]?.string,
            let time = value["time"]?.int, let direction = value["direction"]?.string
        else { throw .badCursor }
        return ScriptedCursor(id: id, time: Int64(time), isForward: direction == "next")
    }

    private static func text(_ row: (id: String, time: Int64), _ direction: String) -> String {
        Base64.encode(
            JSONWriter.object { writer in
                writer.member("id", row.id)
                writer.member("time", Int(row.time))
                writer.member("direction", direction)
            }, alphabet: .url)
    }

    /// At most `limit` rows behind the cursor's row (before it, the nearest, where it points backwards).
    static func page<Row>(of rows: [Row], _ limit: Int, _ cursor: ScriptedCursor?, key: (Row) -> (id: String, time: Int64)) -> [Row] {
        guard let cursor else { return Array(rows.prefix(limit)) }
        guard let place = rows.firstIndex(where: { key($0).id == cursor.id }) else { return [] }
        return cursor.isForward ? Array(rows[(place + 1)...].prefix(limit)) : Array(rows[..<place].suffix(limit))
    }

    /// `{"data": […], "cursor": {"previous", "next"}}`; both are null for an empty page only.
    static func reply(_ items: [[UInt8]], first: (id: String, time: Int64)?, last: (id: String, time: Int64)?) -> ScriptedReply {
        .json(
            JSONWriter.object { writer in
                writer.member("data", raw: ScriptedAgent.array(items))
                writer.key("cursor")
                writer.object { cursor in
                    cursor.key("previous")
                    if let first { cursor.string(text(first, "previous")) } else { cursor.raw(Array("null".utf8)) }
                    cursor.key("next")
                    if let last { cursor.string(text(last, "next")) } else { cursor.raw(Array("null".utf8)) }
                }
            })
    }
}
