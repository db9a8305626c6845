// From the objects of 2.x to the words of a session's log: the pieces. One function for each object, used for events and reads alike, so a
// heal is "map what was read, say what differs". Opaque provider state (`state`, `providerState`, `native` …) is never read, so never
// carried; neither are headers and bodies of a provider's answer.

import Wire

enum OpenCode2Words {
    /// What the managed service calls the note that it puts before it goes on.
    static let restartNote: StaticString = "Continuing after restart"

    /// Part ids, the same in every reading.
    static func partID(_ message: String, _ kind: Character, _ number: Int) -> String { "\(message).\(kind)\(number)" }

    /// `{type, message, status?}` → `{name, message, status?}`.
    static func error(_ error: JSONValue) -> [UInt8] {
        JSONWriter.object { writer in
            if let type = error["type"], type.isString { writer.member("name", type) } else { writer.member("name", "unknown") }
            writer.member("message", rawText: error["message"]?.rawText ?? [])
            writer.member("status", error["status"])
        }
    }

    /// `{id, providerID, variant?}` → `{provider, id, variant?}`. Rows say `default` where events say nothing.
    static func model(_ model: JSONValue?) -> [UInt8]? {
        guard let model, let provider = model["providerID"], let id = model["id"] else { return nil }
        return JSONWriter.object { writer in
            writer.member("provider", provider)
            writer.member("id", id)
            if let variant = model["variant"], !variant.says("default") { writer.member("variant", variant) }
        }
    }

    static func tokens(_ tokens: JSONValue?) -> [UInt8]? {
        guard let tokens, tokens.isObject else { return nil }
        return JSONWriter.object { writer in
            writer.member("input", tokens["input"])
            writer.member("output", tokens["output"])
            writer.member("reasoning", tokens["reasoning"])
            writer.member("cacheRead", tokens["cache"]?["read"])
            writer.member("cacheWrite", tokens["cache"]?["write"])
        }
    }

    /// The files of a tool's, a request's or a revert's metadata as `changes`; nil for a list that holds no diffs.
    static func changes(_ files: JSONValue) -> [UInt8]? {
        let items = files.items
        guard !items.isEmpty, items.allSatisfy({ $0["patch"]?.isString == true }) else { return nil }
        return array(items) { writer, file in
            writer.member("file", file["file"])
            writer.member("patch", file["patch"])
            writer.member("status", file["status"])
            writer.member("additions", file["additions"])
            writer.member("deletions", file["deletions"])
        }
    }

    /// The texts of a tool's content, joined by LF: the inside of a JSON string. Nil where there is none.
    static func output(_ content: JSONValue) -> [UInt8]? {
        let texts = content.items.compactMap { $0["type"]?.says("text") == true ? $0["text"]?.rawText : nil }
        guard let first = texts.first else { return nil }
        return texts.dropFirst().reduce(into: Array(first)) { $0 += Array("\\n".utf8) + $1 }
    }

    static func files(_ content: JSONValue) -> [UInt8]? {
        let files = content.items.filter { $0["type"]?.says("file") == true }
        guard !files.isEmpty else { return nil }
        return array(files) { writer, file in
            writer.member("mime", file["mime"])
            writer.member("name", file["name"])
            writer.member("url", file["uri"])
        }
    }

    /// `{messageID, partID?, snapshot?, files?}` → `{message, part?, changes?}`.
    static func revert(_ revert: JSONValue) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("message", revert["messageID"])
            writer.member("part", revert["partID"])
            writer.member("changes", raw: revert["files"].flatMap(changes))
            writer.rest("extra", of: revert, besides: ["messageID", "partID", "files"])
        }
    }

    /// An array of objects.
    static func array(_ items: [JSONValue], _ body: (inout JSONWriter, JSONValue) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.array { writer in for item in items { writer.object { body(&$0, item) } } }
        return writer.bytes
    }

    /// An object of what `besides` leaves of `object`, or nil.
    static func rest(_ object: JSONValue, besides known: [StaticString]) -> [UInt8]? {
        let whole = JSONWriter.object { $0.rest("extra", of: object, besides: known) }
        return whole.count > 2 ? Array(whole[9..<whole.count - 1]) : nil
    }
}
