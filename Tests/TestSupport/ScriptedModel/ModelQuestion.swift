// A request to the model, understood: what the person asked, and where in its turn it stands.

import Foundation
import Wire

struct ModelQuestion {
    let prompt: String
    /// Rounds of tool calls since the prompt.
    let step: Int
    /// Messages of people, this one included.
    let userMessages: Int
    let dialect: ModelDialect
    /// OpenCode wants a title for the session.
    let wantsTitle: Bool
    let model: String

    init(body: [UInt8]) throws {
        let request = try JSON.parse(body, depth: 512)
        let messages = request["messages"]?.items ?? []
        let last = messages.lastIndex { $0["role"]?.string == "user" }
        prompt = Self.withoutReminders(last.map { Self.text(messages[$0]) } ?? "")
        step = messages[(last.map { $0 + 1 } ?? 0)...].count {
            $0["role"]?.string == "assistant" && $0["tool_calls"]?.items.isEmpty == false
        }
        userMessages = messages.count { $0["role"]?.string == "user" }
        let system = messages.filter { $0["role"]?.string == "system" }.map(Self.text).joined(separator: "\n")
        let tools = request["tools"]?.items.compactMap { $0["function"] } ?? []
        wantsTitle = tools.isEmpty && system.lowercased().contains("title")
        let isSecond = tools.contains { tool in
            tool["name"]?.string == "shell" || (tool["name"]?.string == "read" && tool["parameters"]?["properties"]?["path"] != nil)
        }
        dialect = ModelDialect(isSecond: isSecond, directory: Self.directory(in: system))
        model = request["model"]?.string ?? "scripted"
    }

    private static func text(_ message: JSONValue) -> String {
        guard let content = message["content"] else { return "" }
        return content.string ?? content.items.compactMap { $0["text"]?.string }.joined(separator: "\n")
    }

    private static func directory(in system: String) -> String {
        guard let mark = system.range(of: "working directory: ", options: .caseInsensitive) else { return "/" }
        return String(system[mark.upperBound...].prefix { !$0.isWhitespace })
    }

    /// OpenCode adds reminders in tags, and wraps a prompt that came while it was busy in one.
    private static func withoutReminders(_ text: String) -> String {
        var rest = text
        while let open = rest.range(of: "<system-reminder>"),
            let close = rest.range(of: "</system-reminder>", range: open.upperBound..<rest.endIndex)
        {
            rest.replaceSubrange(open.lowerBound..<close.upperBound, with: wrapped(String(rest[open.upperBound..<close.lowerBound])))
        }
        let preface = "You are a subagent spawned by another session.\n"
        let trimmed = rest.trimmingCharacters(in: .whitespacesAndNewlines)
        return trimmed.hasPrefix(preface) ? String(trimmed.dropFirst(preface.count)) : trimmed
    }

    private static func wrapped(_ reminder: String) -> String {
        guard let before = reminder.range(of: "following message:"),
            let after = reminder.range(of: "Please address", range: before.upperBound..<reminder.endIndex)
        else { return "" }
        return String(reminder[before.upperBound..<after.lowerBound]).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
