// What was said in a session, in a form that both generations' messages and ours can be brought to: ids, roles, texts, tools and how they
// stand. Read from what OpenCode answers without any of the program's code.

import Wire

public struct ComparableMessage: Sendable, Equatable, CustomStringConvertible {
    public let id: String
    public let role: String
    public let isCompleted: Bool
    public let error: String?
    public let parts: [ComparablePart]

    public var description: String {
        "\n\(id) \(role)\(isCompleted ? " completed" : "") \(error ?? "")" + parts.map { "\n    \($0)" }.joined()
    }

    public static func ours(_ answer: JSONValue) -> [ComparableMessage] { (answer["messages"]?.items ?? []).map(ours(message:)) }

    public static func ours(message: JSONValue) -> ComparableMessage {
        let role = message["role"]?.string ?? ""
        return ComparableMessage(
            id: message["id"]?.string ?? "", role: role, isCompleted: role == "assistant" && message["completed"] != nil,
            error: message["error"].map { "\($0["name"]?.string ?? ""): \($0["message"]?.string ?? "")" },
            parts: (message["parts"]?.items ?? []).compactMap(ComparablePart.ours))
    }

    public static func theirs(_ answer: JSONValue, _ generation: OpenCodeGeneration) -> [ComparableMessage] {
        generation == .first ? answer.items.map(first) : (answer["data"]?.items ?? []).compactMap(second)
    }

    // 1.18

    private static func first(_ message: JSONValue) -> ComparableMessage {
        let info = message["info"]
        let role = info?["role"]?.string ?? ""
        return ComparableMessage(
            id: info?["id"]?.string ?? "", role: role, isCompleted: role == "assistant" && info?["time"]?["completed"] != nil,
            error: info?["error"].map { error in
                let name = error["name"]?.string ?? ""
                return "\(name == "MessageAbortedError" ? "aborted" : name): \(error["data"]?["message"]?.string ?? "")"
            },
            parts: (message["parts"]?.items ?? []).compactMap(ComparablePart.first))
    }

    // 2.x

    /// Nil for a row that says a turn's end.
    private static func second(_ row: JSONValue) -> ComparableMessage? {
        guard let type = row["type"]?.string, let id = row["id"]?.string, type != "idle" else { return nil }
        let roles = ["user": "user", "shell": "user", "assistant": "assistant", "compaction": "assistant"]
        return ComparableMessage(
            id: id, role: roles[type] ?? "system", isCompleted: type == "assistant" && row["time"]?["completed"] != nil,
            error: row["error"].map { "\($0["type"]?.string ?? ""): \($0["message"]?.string ?? "")" }, parts: parts(row, type, id))
    }

    private static func parts(_ row: JSONValue, _ type: String, _ id: String) -> [ComparablePart] {
        switch type {
        case "assistant":
            let patch = row["snapshot"]?["files"].flatMap { files in
                files.items.isEmpty ? nil : ComparablePart(what: "patch \(row["snapshot"]?["start"]?.string ?? "") \(files.sorted)")
            }
            let retry = row["retry"].map { ComparablePart(what: "retry \($0["attempt"]?.int ?? 0)") }
            return ComparablePart.second(row["content"]?.items ?? [], of: id) + [patch, retry].compactMap(\.self)
        case "agent-switched", "model-switched":
            let model = row["model"]
            return [
                ComparablePart(
                    what: "switch \(row["agent"]?.string ?? "") \(model?["providerID"]?.string ?? "") \(model?["id"]?.string ?? "")")
            ]
        case "shell": return [shell(row)]
        case "compaction": return [ComparablePart(what: "compaction")] + (row["summary"].map { [.spoken("text", id + ".t0", $0)] } ?? [])
        default: return (row["text"]?.string?.isEmpty == false ? [.spoken("text", id + ".t0", row["text"])] : []) + attached(row)
        }
    }

    private static func attached(_ row: JSONValue) -> [ComparablePart] {
        let files = (row["files"]?.items ?? []).map { file in
            ComparablePart.file(file["mime"], file["name"], "data:\(file["mime"]?.string ?? "");base64,\(file["data"]?.string ?? "")")
        }
        return files + (row["agents"]?.items ?? []).map { ComparablePart(what: "agent \($0["name"]?.string ?? "")") }
    }

    private static func shell(_ row: JSONValue) -> ComparablePart {
        let command = "{command:\"\(row["command"]?.string ?? "")\"}"
        let state = row["status"]?.string == "running" ? "running" : "completed"
        return ComparablePart(
            what: "tool \(row["shellID"]?.string ?? "") shell \(state) \(command) []", text: row["output"]?["output"]?.string ?? "")
    }
}
