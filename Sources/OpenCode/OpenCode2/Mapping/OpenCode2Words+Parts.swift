// Part objects, but for tools' (`OpenCode2Tool`).

import RelayProtocol
import Wire

extension OpenCode2Words {
    /// A text or a reasoning part. `text` is the inside of a JSON string; times are ms since 1970.
    struct Spoken {
        var id: String
        var message: String
        var isReasoning = false
        var text: ArraySlice<UInt8> = []
        var isOpen = false
        var isIncomplete = false
        var isSynthetic = false
        var started: Int?
        var ended: Int?

        var object: [UInt8] {
            JSONWriter.object { writer in
                writer.member("id", id)
                writer.member("message", message)
                writer.member("type", isReasoning ? "reasoning" : "text")
                if isSynthetic { writer.member("synthetic", true) }
                writer.member("text", rawText: text)
                if isOpen { writer.member("open", true) }
                if isIncomplete { writer.member("incomplete", true) }
                writer.member("started", started)
                writer.member("ended", ended)
            }
        }
    }

    private static func part(_ id: String, _ message: String, _ type: String, _ body: (inout JSONWriter) -> Void) -> PartRead {
        PartRead(
            id: id,
            object: JSONWriter.object { writer in
                writer.member("id", id)
                writer.member("message", message)
                writer.member("type", type)
                body(&writer)
            })
    }

    /// A text that neither a person nor the model wrote, the only one of its message.
    static func synthetic(_ message: String, _ text: JSONValue?) -> PartRead {
        let id = partID(message, "t", 0)
        return PartRead(id: id, object: Spoken(id: id, message: message, text: text?.rawText ?? [], isSynthetic: true).object)
    }

    /// What a step changed; nil if nothing. `hash` is a JSON string.
    static func patch(_ message: String, hash: [UInt8]?, files: JSONValue?) -> PartRead? {
        guard let files, !files.items.isEmpty else { return nil }
        return part("\(message).p", message, "patch") { writer in
            writer.member("hash", raw: hash)
            writer.member("files", files)
        }
    }

    /// `{attempt, at, error}`, in an event and on a row.
    static func retry(_ message: String, _ retry: JSONValue) -> PartRead {
        part("\(message).retry", message, "retry") { writer in
            writer.member("attempt", retry["attempt"])
            writer.member("error", raw: retry["error"].map(error))
            writer.member("next", retry["at"])
        }
    }

    static func compaction(_ message: String, state: String, reason: JSONValue?, error: JSONValue?) -> PartRead {
        part("\(message).c", message, "compaction") { writer in
            writer.member("state", state)
            if reason?.says("auto") == true { writer.member("auto", true) }
            writer.member("error", raw: error.map(self.error))
        }
    }

    /// What was switched, and from what: JSON values in our words.
    static func change(
        _ message: String, agent: [UInt8]? = nil, model: [UInt8]? = nil, directory: [UInt8]? = nil, previous: [UInt8]?
    ) -> PartRead {
        part("\(message).w", message, "switch") { writer in
            writer.member("agent", raw: agent)
            writer.member("model", raw: model)
            writer.member("directory", raw: directory)
            if let previous {
                writer.key("extra")
                writer.object { $0.member("previous", raw: previous) }
            }
        }
    }

    // What a person attached.

    /// `{data, mime, source, name?}`: its bytes stand in it, as base64.
    static func file(_ message: String, _ number: Int, _ file: JSONValue) -> PartRead {
        part(partID(message, "f", number), message, "file") { writer in
            writer.member("mime", file["mime"])
            writer.member("name", file["name"])
            writer.member("url", rawText: url(file))
            if let source = file["source"], source["type"]?.says("inline") != true { writer.member("source", source) }
            writer.rest("extra", of: file, besides: ["data", "uri", "mime", "name", "source"])
        }
    }

    static func url(_ file: JSONValue) -> [UInt8] {
        guard let data = file["data"]?.rawText else { return Array(file["uri"]?.rawText ?? []) }
        return Array("data:".utf8) + (file["mime"]?.rawText ?? []) + Array(";base64,".utf8) + data
    }

    static func agent(_ message: String, _ number: Int, _ agent: JSONValue) -> PartRead {
        part(partID(message, "a", number), message, "agent") { writer in
            writer.member("name", agent["name"])
            writer.member("source", agent["mention"])
            writer.rest("extra", of: agent, besides: ["name", "mention"])
        }
    }

    static func skill(_ message: String, _ number: Int, _ skill: JSONValue) -> PartRead {
        part(partID(message, "s", number), message, "skill") { writer in
            writer.member("name", skill["name"])
            writer.member("source", skill["mention"])
            writer.rest("extra", of: skill, besides: ["name", "mention"])
        }
    }

    /// A content of an answer that we have no word for.
    static func unknown(_ message: String, _ number: Int, _ content: JSONValue) -> PartRead {
        part(partID(message, "x", number), message, content["type"]?.string ?? "unknown") { $0.member("extra", raw: carried(content)) }
    }
}
