// Which of OpenCode's calls the program has a command for, and how the command is given: create, prompt an idle session, stop, and the plain
// replies. What a command cannot say (an id of one's own, another delivery) is nothing for it.

import TestSupport
import Wire

enum CommandMapping {
    /// - Parameters:
    ///   - asker: the session whose permission or question it is.
    ///   - isWellMade: OpenCode took it.
    static func of(
        _ generation: OpenCodeGeneration, _ method: String, _ target: String, _ body: String, asker: String?, isIdle: Bool, isWellMade: Bool
    ) -> RoutedCall? {
        let path = target.split(separator: "?").first.map(String.init) ?? target
        let words = path.split(separator: "/").map(String.init).filter { $0 != "api" }
        let value = try? JSON.parse(Array(body.utf8), depth: 512)
        if let asker { return reply(method, words, value, asker, isWellMade: isWellMade) }
        guard isWellMade, words.first == "session", method == "POST" else { return nil }
        if words.count == 1 { return create(generation, target, value) }
        guard words.count == 3, words[1].hasPrefix("ses_") else { return nil }
        switch words[2] {
        case "abort", "interrupt": return target.contains("resume=") ? nil : .program(path: "/v1/sessions/\(words[1])/stop", body: "{}")
        case "prompt_async", "prompt": return isIdle ? prompt(generation, words[1], value) : nil
        default: return nil
        }
    }

    private static func create(_ generation: OpenCodeGeneration, _ target: String, _ body: JSONValue?) -> RoutedCall? {
        let names = Set((body?.members ?? []).map(\.key))
        let directory: String?
        if generation == .first {
            directory = target.split(separator: "directory=").last.map { String($0.prefix { $0 != "&" }) }
            guard names.isSubset(of: ["title"]) else { return nil }
        } else {
            directory = body?["location"]?["directory"]?.string
            guard names.isSubset(of: ["title", "location"]) else { return nil }
        }
        guard let directory, directory.contains("/projects/") else { return nil }
        return .program(
            path: "/v1/sessions",
            body: object { writer in
                writer.member("directory", directory)
                writer.member("title", body?["title"]?.string)
            })
    }

    private static func prompt(_ generation: OpenCodeGeneration, _ session: String, _ body: JSONValue?) -> RoutedCall? {
        guard let body else { return nil }
        let names = Set(body.members.map(\.key))
        let parts = generation == .first ? body["parts"]?.items ?? [] : []
        let (path, text) = ("/v1/sessions/\(session)/chat", body["text"])
        if generation == .second {
            guard names == ["text"], let text, text.rawText?.isEmpty == false else { return nil }
            return .program(path: path, body: object { $0.member("content", text) })
        }
        let isPlain = !parts.isEmpty && parts.allSatisfy { part in part["id"] == nil && part["type"]?.string == "text" }
        guard names.isSubset(of: ["parts", "agent", "model"]), isPlain else { return nil }
        return .program(
            path: path,
            body: object { writer in
                writer.member("parts", body["parts"])
                writer.member("agent", body["agent"])
                if let model = body["model"] {
                    writer.member("model", "\(model["providerID"]?.string ?? "")/\(model["modelID"]?.string ?? "")")
                }
            })
    }

    private static func reply(_ method: String, _ words: [String], _ body: JSONValue?, _ asker: String, isWellMade: Bool) -> RoutedCall? {
        let question = words.first { $0.hasPrefix("que_") || $0.hasPrefix("frm_") }
        if let permission = words.first(where: { $0.hasPrefix("per_") }) {
            guard method == "POST", let reply = body?["reply"] ?? body?["decision"] else { return nil }
            return .program(
                path: "/v1/sessions/\(asker)/permissions/\(permission)",
                body: object { writer in
                    writer.member("reply", reply)
                    writer.member("message", body?["message"])
                })
        }
        guard let question, isWellMade else { return nil }
        let path = "/v1/sessions/\(asker)/questions/\(question)"
        if method == "DELETE" || words.last == "reject" { return .program(path: path, body: #"{"reject":true}"#) }
        if let answer = body?["answer"] { return .program(path: path, body: object { $0.member("answer", answer) }) }
        return .program(
            path: path,
            body: object { writer in
                writer.key("answer")
                writer.object { answer in
                    for (number, choice) in (body?["answers"]?.items ?? []).enumerated() {
                        answer.key(named: "q\(number)")
                        answer.string(choice.items.first?.string ?? "")
                    }
                }
            })
    }

    private static func object(_ body: (inout JSONWriter) -> Void) -> String { String(decoding: JSONWriter.object(body), as: UTF8.self) }
}
