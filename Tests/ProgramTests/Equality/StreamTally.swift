// What OpenCode's stream tells, counted: how far each session has come, which ids it has given away and in what order, and what it has
// streamed of each part. The same for a recorded stream and for a live one, so that a recorded call can be made at the same point again.

import TestSupport
import Wire

struct StreamTally: Sendable {
    /// One session.
    struct Session: Sendable {
        /// How often each thing happened that a call may have waited for.
        var counts: [String: Int] = [:]
        /// Ids in the order of their first appearance, by what they name.
        var ids: [String: [String]] = [:]
        var isBusy = false
        /// What was streamed of each part, as JSON between quotes.
        var texts: [String: [UInt8]] = [:]
        fileprivate var running: Set<String> = []

        mutating func count(_ what: String) { counts[what, default: 0] += 1 }

        mutating func note(_ kind: String, _ id: String?) {
            guard let id, ids[kind]?.contains(id) != true else { return }
            ids[kind, default: []].append(id)
            if !kind.hasPrefix(StreamTally.partKind) { count(kind) }
        }

        mutating func say(_ part: String, _ text: ArraySlice<UInt8>?) {
            if texts[part] == nil { count("spoken") }
            texts[part, default: []] += text ?? []
        }
    }

    /// In front of a message's id: the kind of its parts.
    static let partKind = "part of "

    let generation: OpenCodeGeneration
    private(set) var sessions: [String: Session] = [:]

    init(_ generation: OpenCodeGeneration) { self.generation = generation }

    mutating func hear(_ frame: JSONValue) {
        let event = generation == .first ? frame["payload"] : frame
        guard let type = event?["type"]?.string, let data = generation == .first ? event?["properties"] : event?["data"] else { return }
        let about = data["form"] ?? data
        guard let session = about["sessionID"]?.string else { return }
        if generation == .first {
            first(type, data, &sessions[session, default: Session()])
        } else {
            second(type, data, &sessions[session, default: Session()])
        }
    }

    /// OpenCode has died: nothing runs any more.
    mutating func forgetRuns() { for session in sessions.keys { sessions[session]?.isBusy = false } }

    // 1.18

    private func first(_ type: String, _ data: JSONValue, _ session: inout Session) {
        switch type {
        case "message.part.delta": if data["field"]?.string == "text" { session.say(data["partID"]?.string ?? "", data["delta"]?.rawText) }
        case "message.updated": session.note(data["info"]?["role"]?.string ?? "", data["info"]?["id"]?.string)
        case "message.part.updated": part(data["part"], &session)
        case "permission.asked": session.note("permission", data["id"]?.string)
        case "question.asked": session.note("question", data["id"]?.string)
        case "session.status": status(data["status"]?["type"]?.string, &session)
        case "session.compacted", "session.deleted", "message.removed", "message.part.removed": session.count(type)
        default: break
        }
    }

    private func part(_ part: JSONValue?, _ session: inout Session) {
        session.note(Self.partKind + (part?["messageID"]?.string ?? ""), part?["id"]?.string)
        if part?["state"]?["status"]?.string == "running", let call = part?["callID"]?.string, session.running.insert(call).inserted {
            session.count("running")
        }
    }

    private func status(_ status: String?, _ session: inout Session) {
        session.isBusy = status != "idle"
        if status != "busy" { session.count(status ?? "") }
    }

    // 2.x

    private func second(_ type: String, _ data: JSONValue, _ session: inout Session) {
        switch type {
        case "session.text.delta", "session.reasoning.delta":
            let kind = type == "session.text.delta" ? "t" : "r"
            session.say("\(data["assistantMessageID"]?.string ?? "").\(kind)\(data["ordinal"]?.int ?? 0)", data["delta"]?.rawText)
        case "session.inbox.enqueued": session.note(data["item"]?["type"]?.string ?? "", data["inboxID"]?.string)
        case "session.step.started": session.note("assistant", data["assistantMessageID"]?.string)
        case "permission.asked": session.note("permission", data["id"]?.string)
        case "form.created": session.note("question", data["form"]?["id"]?.string)
        case "session.execution.started": session.isBusy = true
        case _ where type.hasPrefix("session.execution."):
            session.isBusy = false
            session.count("idle")
        case "session.tool.called", "session.retry.scheduled", "session.shell.started", "session.shell.ended", "session.compaction.ended",
            "session.deleted":
            session.count(type)
        default: break
        }
    }
}
