// Cursors of lists: opaque to clients, the id of a row, the order of the list and a direction inside.

import Wire

struct ScriptedCursor {
    let id: String
    let isForward: Bool
    /// The list begins with the oldest.
    let isRising: Bool

    /// Nil for nil; anything that was not made here is refused.
    static func read(_ text: String?) throws(ScriptedProblem) -> ScriptedCursor? {
        guard let text else { return nil }
        guard let bytes = Base64.decode(text, alphabet: .url), let value = try? JSON.parse(bytes), let id = value["id"]?.string,
            let direction = value["direction"]?.string
        else { throw .badCursor }
        return ScriptedCursor(id: id, isForward: direction == "next", isRising: value["order"]?.string == "asc")
    }

    private static func text(_ id: String, _ direction: String, _ isRising: Bool) -> String {
        Base64.encode(
            JSONWriter.object { writer in
                writer.member("id", id)
                writer.member("order", isRising ? "asc" : "desc")
                writer.member("direction", direction)
            }, alphabet: .url)
    }

    /// At most `limit` rows behind the cursor's row (before it, the nearest, where it points backwards).
    static func page<Row>(of rows: [Row], _ limit: Int, _ cursor: ScriptedCursor?, id: (Row) -> String) -> [Row] {
        guard let cursor else { return Array(rows.prefix(limit)) }
        guard let place = rows.firstIndex(where: { id($0) == cursor.id }) else { return [] }
        return cursor.isForward ? Array(rows[(place + 1)...].prefix(limit)) : Array(rows[..<place].suffix(limit))
    }

    /// `{"data": […], "cursor": {"previous", "next"}}`; both are null for an empty page only.
    static func reply(_ items: [(id: String, json: [UInt8])], isRising: Bool) -> ScriptedReply {
        .json(
            JSONWriter.object { writer in
                writer.member("data", raw: JSONWriter.list(items.map(\.json)))
                writer.key("cursor")
                writer.object { cursor in
                    for (name, item) in [("previous", items.first), ("next", items.last)] {
                        cursor.key(named: name)
                        if let item { cursor.string(text(item.id, name, isRising)) } else { cursor.raw(Array("null".utf8)) }
                    }
                }
            })
    }
}
