// What was said in a session, in a form that both generations' messages and ours can be brought to: ids, roles, texts, tools and how they
// stand. Read from what OpenCode answers without any of the program's code.

import Wire

public struct SaidMessage: Sendable, Equatable, CustomStringConvertible {
    public let id: String
    public let role: String
    public let isCompleted: Bool
    public let error: String?
    public let parts: [SaidPart]

    public var description: String {
        "\n\(id) \(role)\(isCompleted ? " completed" : "") \(error ?? "")" + parts.map { "\n    \($0)" }.joined()
    }

    public static func ours(_ answer: JSONValue) -> [SaidMessage] { (answer["messages"]?.items ?? []).map(ours(message:)) }

    public static func ours(message: JSONValue) -> SaidMessage {
        let role = message["role"]?.string ?? ""
        return SaidMessage(
            id: message["id"]?.string ?? "", role: role, isCompleted: role == "assistant" && message["completed"] != nil,
            error: message["error"].map { "\($0["name"]?.string ?? ""): \($0["message"]?.string ?? "")" },
            parts: (message["parts"]?.items ?? []).compactMap(SaidPart.ours))
    }

    public static func theirs(_ answer: JSONValue, _ generation: OpenCodeGeneration) -> [SaidMessage] {
        generation == .first ? answer.items.map(first) : (answer["data"]?.items ?? []).compactMap(second)
    }

    // 1.18

    private static func first(_ message: JSONValue) -> SaidMessage {
        let info = message["info"]
        let role = info?["role"]?.string ?? ""
        return SaidMessage(
            id: info?["id"]?.string ?? "", role: role, isCompleted: role == "assistant" && info?["time"]?["completed"] != nil,
            error: info?["error"].map { error in
                let name = error["name"]?.string ?? ""
                return "\(name == "MessageAbortedError" ? "aborted" : name): \(error["data"]?["message"]?.string ?? "")"
            },
            parts: (message["parts"]?.items ?? []).compactMap(SaidPart.first))
    }

    // 2.x

    /// Nil for a row that says a turn's end.
    private static func second(_ row: JSONValue) -> SaidMessage? {
        guard let type = row["type"]?.string, let id = row["id"]?.string, type != "idle" else { return nil }
        let roles = ["user": "user", "shell": "user", "assistant": "assistant", "compaction": "assistant"]
        return SaidMessage(
            id: id, role: roles[type] ?? "system", isCompleted: type == "assistant" && row["time"]?["completed"] != nil,
            error: row["error"].map { "\($0["type"]?.string ?? ""): \($0["message"]?.string ?? "")" }, parts: parts(row, type, id))
    }

    private static func parts(_ row: JSONValue, _ type: String, _ id: String) -> [SaidPart] {
        switch type {
        case "assistant":
            let patch = row["snapshot"]?["files"].flatMap { files in
                files.items.isEmpty ? nil : SaidPart(what: "patch \(row["snapshot"]?["start"]?.string ?? "") \(files.sorted)")
            }
            let retry = row["retry"].map { SaidPart(what: "retry \($0["attempt"]?.int ?? 0)") }
            return SaidPart.second(row["content"]?.items ?? [], of: id) + [patch, retry].compactMap(\.self)
        case "agent-switched", "model-switched":
            let model = row["model"]
            return [
                SaidPart(what: "switch \(row["agent"]?.string ?? "") \(model?["providerID"]?.string ?? "") \(model?["id"]?.string ?? "")")
            ]
        case "shell": return [shell(row)]
        case "compaction": return [SaidPart(what: "compaction")] + (row["summary"].map { [.spoken("text", id + ".t0", $0)] } ?? [])
        default: return (row["text"]?.string?.isEmpty == false ? [.spoken("text", id + ".t0", row["text"])] : []) + attached(row)
        }
    }

    private static func attached(_ row: JSONValue) -> [SaidPart] {
        let files = (row["files"]?.items ?? []).map { file in
            SaidPart.file(file["mime"], file["name"], "data:\(file["mime"]?.string ?? "");base64,\(file["data"]?.string ?? "")")
        }
        return files + (row["agents"]?.items ?? []).map { SaidPart(what: "agent \($0["name"]?.string ?? "")") }
    }

    private static func shell(_ row: JSONValue) -> SaidPart {
        let command = "{command:\"\(row["command"]?.string ?? "")\"}"
        let state = row["status"]?.string == "running" ? "running" : "completed"
        return SaidPart(
            what: "tool \(row["shellID"]?.string ?? "") shell \(state) \(command) []", text: row["output"]?["output"]?.string ?? "")
    }
}
