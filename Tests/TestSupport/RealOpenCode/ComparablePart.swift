// A part of a message in the form that both generations' parts and ours can be brought to.

import Wire

public struct ComparablePart: Sendable, Equatable, CustomStringConvertible {
    /// Of texts and reasonings.
    public var id = ""
    /// All but a text's words, in a fixed order.
    public let what: String
    public var text: String?

    public var description: String {
        what + (text.map { " “\($0.prefix(120))”\($0.count > 120 ? " … (\($0.utf8.count) bytes)" : "")" } ?? "")
            + (id.isEmpty ? "" : " [\(id)]")
    }

    static func spoken(_ type: String, _ id: String, _ text: JSONValue?) -> ComparablePart {
        ComparablePart(id: id, what: type, text: text?.string ?? "")
    }

    static func tool(
        _ call: JSONValue?, _ name: JSONValue?, _ state: JSONValue?, input: JSONValue?, result: String?, files: [String] = []
    ) -> ComparablePart {
        let given = input.map { $0.members.isEmpty ? "" : $0.sorted } ?? ""
        return ComparablePart(
            what: "tool \(call?.string ?? "") \(name?.string ?? "") \(state?.string ?? "") \(given) \(files)", text: result ?? "")
    }

    static func file(_ mime: JSONValue?, _ name: JSONValue?, _ url: String?) -> ComparablePart {
        ComparablePart(what: "file \(mime?.string ?? "") \(name?.string ?? "")", text: url)
    }

    // Ours.

    /// Nil for what stands in no message of OpenCode.
    static func ours(_ part: JSONValue) -> ComparablePart? {
        let type = part["type"]?.string ?? ""
        switch type {
        case "text", "reasoning": return spoken(type, part["id"]?.string ?? "", part["text"])
        case "tool":
            return tool(
                part["call"], part["name"], part["state"], input: part["input"],
                result: part["error"]?["message"]?.string ?? part["error"]?.string ?? part["output"]?.string,
                files: (part["files"]?.items ?? []).map {
                    "\($0["mime"]?.string ?? "") \($0["name"]?.string ?? "") \($0["url"]?.string ?? "")"
                })
        case "file": return file(part["mime"], part["name"], part["url"]?.string)
        case "switch":
            return ComparablePart(
                what:
                    "switch \(part["agent"]?.string ?? "") \(part["model"]?["provider"]?.string ?? "") \(part["model"]?["id"]?.string ?? "")"
            )
        case "patch": return ComparablePart(what: "patch \(part["hash"]?.string ?? "") \(part["files"]?.sorted ?? "")")
        case "retry": return ComparablePart(what: "retry \(part["attempt"]?.int ?? 0)")
        case "compaction": return ComparablePart(what: "compaction")
        default: return ComparablePart(what: "\(type) \(part["name"]?.string ?? "")")
        }
    }

    // 1.18

    static func first(_ part: JSONValue) -> ComparablePart? {
        let (type, state) = (part["type"]?.string ?? "", part["state"])
        switch type {
        case "step-start", "step-finish", "snapshot": return nil
        case "text", "reasoning": return spoken(type, part["id"]?.string ?? "", part["text"])
        case "tool":
            return tool(
                part["callID"], part["tool"], state?["status"], input: state?["input"],
                result: (state?["error"] ?? state?["output"] ?? state?["metadata"]?["output"])?.string,
                files: (state?["attachments"]?.items ?? []).map {
                    "\($0["mime"]?.string ?? "") \($0["filename"]?.string ?? "") \($0["url"]?.string ?? "")"
                })
        case "file": return file(part["mime"], part["filename"], part["url"]?.string)
        case "patch": return ComparablePart(what: "patch \(part["hash"]?.string ?? "") \(part["files"]?.sorted ?? "")")
        case "retry": return ComparablePart(what: "retry \(part["attempt"]?.int ?? 0)")
        case "compaction": return ComparablePart(what: "compaction")
        default: return ComparablePart(what: "\(type) \(part["name"]?.string ?? "")")
        }
    }

    // 2.x

    /// The content of a row; a text is known by its place among its kind.
    static func second(_ content: [JSONValue], of row: String) -> [ComparablePart] {
        var counts: [String: Int] = [:]
        return content.map { item in
            let (type, state) = (item["type"]?.string ?? "", item["state"])
            guard type == "tool" else {
                defer { counts[type, default: 0] += 1 }
                return spoken(type, "\(row).\(type == "text" ? "t" : "r")\(counts[type] ?? 0)", item["text"])
            }
            let pieces = state?["content"]?.items ?? []
            let texts = pieces.compactMap { $0["text"]?.string }
            return tool(
                item["id"], item["name"], state?["status"].map { $0 }, input: state?["input"].flatMap { $0.isObject ? $0 : nil },
                result: state?["error"]?["message"]?.string ?? (texts.isEmpty ? nil : texts.joined(separator: "\n")),
                files: pieces.filter { $0["type"]?.string == "file" }.map {
                    "\($0["mime"]?.string ?? "") \($0["name"]?.string ?? "") \($0["uri"]?.string ?? "")"
                })
        }
    }
}

extension JSONValue {
    /// As text, with the members of objects in order, whatever it came as.
    var sorted: String {
        switch kind {
        case .object: "{" + members.map { "\($0.key):\($0.value.sorted)" }.sorted().joined(separator: ",") + "}"
        case .array: "[" + items.map(\.sorted).joined(separator: ",") + "]"
        case .string: "\"\(string ?? "")\""
        case .number: double.map { "\($0)" } ?? ""
        default: String(decoding: raw, as: UTF8.self)
        }
    }
}
