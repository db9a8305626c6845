// What `tail` makes of the lines: a session as text, other topics as they are.

import Foundation
import RelayProtocol
import RepriseClient
import Wire

struct TailPrinter {
    let isJSON: Bool
    let isSession: Bool
    private let output: ([UInt8]) -> Void
    private var openPart: String?
    private var prompts: Set<String> = []
    private var isConnected = true
    private var reasoning: Set<String> = []
    /// How many UTF-16 units of which texts stand there already, and in which state a tool does.
    private var printed: [String: Int] = [:]
    /// The first half of a surrogate pair at the end of what has come of a text: the second one comes with the next delta.
    private var halves: [String: UInt16] = [:]
    private var toolStates: [String: String] = [:]
    private var isWaited = false

    init(isJSON: Bool, isSession: Bool, output: @escaping ([UInt8]) -> Void = { FileHandle.standardOutput.write(Data($0)) }) {
        self.isJSON = isJSON
        self.isSession = isSession
        self.output = output
    }

    mutating func show(_ item: SubscriptionItem) {
        switch item {
        case .event(let event):
            if isJSON { return write(event.line) }
            guard let payload = try? JSON.parse(event.payload, depth: 1024) else { return }
            if isSession { show(payload) } else { write(event.payload + [10]) }
        case .control(let type, let line):
            if let control = try? JSON.parse(line, depth: 1024) { show(control, type) }
        case .disconnected(let reason):
            // Once an interruption, not once a try.
            if isConnected { complain("disconnected (\(reason)), coming back") }
            isConnected = false
        }
    }

    private mutating func show(_ control: JSONValue, _ type: String) {
        switch type {
        case "hello":
            isConnected = true
            // A mistyped name and a topic that nobody has published to yet look alike.
            if !isSession, !isWaited, control["head"]?.string == Position.origin.description {
                complain("nothing was published to \(control["topic"]?.string ?? "") yet: waiting")
            }
            isWaited = true
        case "snapshot" where !isJSON:
            for permission in control["state"]?["permissions"]?.items ?? [] { show(permission: permission) }
            for question in control["state"]?["questions"]?.items ?? [] { show(question: question) }
        case "gap": complain(text(ofGap: control["reason"]?.string))
        default: break
        }
    }

    private func text(ofGap reason: String?) -> String {
        let rest = isSession ? "goes on with what is said from now on" : "what is kept follows"
        switch reason {
        case "malformed": return "that is no position: \(rest)"
        case "epoch", "past_end": return "that position is of another log: \(rest)"
        case "compacted": return "what followed on that position is not kept any more: \(rest)"
        default: return "events are missing (\(reason ?? "it was not told why")): \(rest)"
        }
    }

    private mutating func show(_ event: JSONValue) {
        switch event["type"]?.string {
        case "delta": stream(event)
        case "part": if let part = event["part"] { show(part: part) }
        case "message": if event["message"]?["role"]?.string == "user", let id = event["message"]?["id"]?.string { prompts.insert(id) }
        case "permission": if let permission = event["permission"] { show(permission: permission) }
        case "question": if let question = event["question"] { show(question: question) }
        case "question.closed": showClosing(event, event["outcome"])
        case "permission.closed": showClosing(event, event["reply"])
        case "turn" where event["state"]?.string == "started" && event["prompts"] == nil: break
        case "turn": say("— turn \(event["turn"]?.int ?? 0) \(event["state"]?.string ?? "")" + reason(event["error"]))
        case "status" where event["status"]?.string == "retry": say("! it is tried again" + reason(event))
        case "error": say("! \(event["error"]?["message"]?.string ?? "")")
        case "outage": show(outage: event)
        case "notice": say("! \(event["text"]?.string ?? "")")
        default: break
        }
    }

    private func reason(_ failed: JSONValue?) -> String { failed?["message"]?.string.map { ": \($0)" } ?? "" }

    private mutating func showClosing(_ card: JSONValue, _ how: JSONValue?) {
        say("? \(how?.string ?? "") (\(card["id"]?.string ?? ""))")
    }

    private mutating func show(outage: JSONValue) {
        let lost = (outage["lost"]?.items ?? []).compactMap(\.string)
        let rest =
            lost.contains("history")
            ? "some of it cannot be read any more"
            : lost.isEmpty ? "all of it is here" : "words that streamed meanwhile come with the whole text"
        say("! OpenCode was not heard" + (outage["healed"]?.bool == true ? "; \(rest)" : ""))
    }

    private mutating func show(permission: JSONValue) {
        let resources = permission["resources"]?.items.compactMap(\.string).joined(separator: " · ") ?? ""
        say("? \(permission["action"]?.string ?? "") \(resources) (\(permission["id"]?.string ?? ""))")
    }

    private mutating func show(question: JSONValue) {
        let fields = question["fields"]?.items ?? []
        let texts = fields.compactMap { ($0["description"] ?? $0["title"] ?? $0["key"])?.string }
        say("? \(texts.joined(separator: " · ")) (\(question["id"]?.string ?? ""))")
    }

    private mutating func stream(_ event: JSONValue) {
        guard event["field"] == nil, let part = event["part"]?.string, let text = event["text"]?.rawText else { return }
        if openPart != part {
            say("")
            if reasoning.contains(part) { write(Array("(thinks) ".utf8)) }
        }
        openPart = part
        let units = JSONText.utf16(text)
        printed[part, default: 0] += units.count
        write(TerminalText.shown(whole(units, of: part), lines: true))
    }

    /// Without the half of a pair at its end, which is kept for the next.
    private mutating func whole(_ units: [UInt16], of part: String) -> String {
        var units = (halves.removeValue(forKey: part).map { [$0] } ?? []) + units
        if let last = units.last, UTF16.isLeadSurrogate(last) { halves[part] = units.removeLast() }
        return String(decoding: units, as: UTF16.self)
    }

    private mutating func show(part: JSONValue) {
        let id = part["id"]?.string ?? ""
        switch part["type"]?.string {
        case "reasoning": reasoning.insert(id)
        case "tool": show(tool: part, id)
        case "text" where part["open"]?.bool != true && part["synthetic"]?.bool != true:
            // What was streamed is not printed once more; what a heal has of it is, whole.
            let units = JSONText.utf16(part["text"]?.rawText ?? [])
            let before = printed.updateValue(units.count, forKey: id)
            halves[id] = nil
            guard before != units.count else { break }
            let text = String(decoding: units, as: UTF16.self)
            say((prompts.contains(part["message"]?.string ?? "") ? "> " : before == nil ? "" : "(whole) ") + text)
        default: break
        }
    }

    /// What it will be called with is not known while it is pending.
    private mutating func show(tool: JSONValue, _ id: String) {
        guard let state = tool["state"]?.string, state != "pending", toolStates.updateValue(state, forKey: id) != state else { return }
        say((["[\(state)]"] + [tool["name"], tool["title"]].compactMap { $0?.string }).joined(separator: " "))
    }

    /// A line of its own, or several.
    private mutating func say(_ text: String) {
        if openPart != nil { write([10]) }
        openPart = nil
        if !text.isEmpty { write(TerminalText.shown(text, lines: true) + [10]) }
    }

    private func write(_ bytes: [UInt8]) { output(bytes) }
}
