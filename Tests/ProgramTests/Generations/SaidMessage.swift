// What was said in a session, in a form that both generations' messages and ours can be brought to: ids, roles, texts, tools and how they
// stand. Read from what OpenCode answers without any of the program's code.

import TestSupport
import Wire

struct SaidMessage: Equatable, CustomStringConvertible {
    let id: String
    let role: String
    let isCompleted: Bool
    let error: String?
    let parts: [String]

    var description: String { "\n\(id) \(role)\(isCompleted ? " completed" : "") \(error ?? "")" + parts.map { "\n    " + $0.prefix(200) }.joined() }

    static func ours(_ answer: JSONValue) -> [SaidMessage] {
        (answer["messages"]?.items ?? []).map { message in
            SaidMessage(
                id: message["id"]?.string ?? "", role: message["role"]?.string ?? "", isCompleted: message["completed"] != nil,
                error: message["error"].map { $0["name"]?.string == "aborted" ? "aborted" : "failed" },
                parts: (message["parts"]?.items ?? []).compactMap(ours(part:)))
        }
    }

    private static func ours(part: JSONValue) -> String? {
        switch part["type"]?.string {
        case "text": "text " + (part["text"]?.string ?? "")
        case "reasoning": "reasoning " + (part["text"]?.string ?? "")
        case "tool":
            tool(part["call"], part["name"], part["state"], part["output"]?.string ?? part["error"]?["message"]?.string ?? part["error"]?.string)
        default: nil
        }
    }

    private static func tool(_ call: JSONValue?, _ name: JSONValue?, _ state: JSONValue?, _ result: String?) -> String {
        "tool \(call?.string ?? "") \(name?.string ?? "") \(state?.string ?? ""): \(result ?? "")"
    }

    static func theirs(_ answer: JSONValue, _ generation: OpenCodeGeneration) -> [SaidMessage] {
        generation == .first ? answer.items.map(first) : (answer["data"]?.items ?? []).compactMap(second)
    }

    private static func first(_ message: JSONValue) -> SaidMessage {
        let info = message["info"]
        return SaidMessage(
            id: info?["id"]?.string ?? "", role: info?["role"]?.string ?? "", isCompleted: info?["time"]?["completed"] != nil,
            error: info?["error"].map { $0["name"]?.string == "MessageAbortedError" ? "aborted" : "failed" },
            parts: (message["parts"]?.items ?? []).compactMap { part in
                switch part["type"]?.string {
                case "text": "text " + (part["text"]?.string ?? "")
                case "reasoning": "reasoning " + (part["text"]?.string ?? "")
                case "tool":
                    tool(part["callID"], part["tool"], part["state"]?["status"], (part["state"]?["output"] ?? part["state"]?["error"])?.string)
                default: nil
                }
            })
    }

    private static func second(_ message: JSONValue) -> SaidMessage? {
        guard let role = message["type"]?.string, ["user", "assistant"].contains(role) else { return nil }
        let own = message["text"]?.string.map { ["text " + $0] } ?? []
        return SaidMessage(
            id: message["id"]?.string ?? "", role: role, isCompleted: message["time"]?["completed"] != nil,
            error: message["error"].map { $0["type"]?.string == "aborted" ? "aborted" : "failed" },
            parts: own + (message["content"]?.items ?? []).compactMap { item in
                switch item["type"]?.string {
                case "text": "text " + (item["text"]?.string ?? "")
                case "reasoning": "reasoning " + (item["text"]?.string ?? "")
                case "tool":
                    tool(item["id"], item["name"], item["state"]?["status"], result(item["state"]))
                default: nil
                }
            })
    }

    private static func result(_ state: JSONValue?) -> String? {
        if let error = state?["error"]?["message"]?.string { return error }
        let texts = (state?["content"]?.items ?? []).compactMap { $0["text"]?.string }
        return texts.isEmpty ? nil : texts.joined(separator: "\n")
    }
}
