// What a stream said, sorted into lanes: within a lane the order is the server's, between two lanes it is the moment's (a title comes when
// its own model has answered; two tools run side by side). A delta only counts in the text that the deltas of its part join to.

import ScriptedOpenCode
import Wire

struct FrameLanes: Equatable {
    private(set) var lines: [String: [String]] = [:]
    /// What the deltas of each part join to.
    private(set) var said: [String: String] = [:]
    var normal = NormalizedJSON()
    /// Whether it counts how far each session is.
    var isCounting = true

    static func == (one: FrameLanes, other: FrameLanes) -> Bool { one.lines == other.lines && one.saidOtherwise(than: other).isEmpty }

    mutating func add(_ frame: JSONValue, _ generation: ScriptedGeneration) {
        switch generation {
        case .first: addFirst(frame)
        case .second: addSecond(frame)
        }
    }

    private mutating func add(_ line: String, to lane: String) { lines[lane, default: []].append(line) }

    /// Whether all that another has said was said here.
    func isBehind(_ other: FrameLanes) -> Bool {
        other.lines.contains { (lines[$0.key]?.count ?? 0) < $0.value.count }
            || other.said.contains { (said[$0.key]?.utf8.count ?? 0) < $0.value.utf8.count }
    }

    private mutating func say(_ text: String, of part: String) { said[part, default: ""] += text }

    // 1.18

    private mutating func addFirst(_ frame: JSONValue) {
        guard let payload = frame["payload"], let type = payload["type"]?.string, type != "sync", let data = payload["properties"] else {
            return
        }
        let isFile = type == "file.edited" || type == "file.watcher.updated"
        guard isFile || data["sessionID"] != nil else { return }
        normal.names.enter(data["sessionID"]?.string)
        if type == "message.part.delta" {
            return say(data["delta"]?.string ?? "", of: normal.names.name(data["partID"]?.string ?? ""))
        }
        if type == "session.diff" { return }
        let session = data["sessionID"]?.string.map { normal.names.name($0) } ?? ""
        let text = type + " " + normal.text(data)
        if type == "session.updated" { return setRow(text, session) }
        add(text, to: laneOfFirst(type, data, session))
    }

    /// Titles and sums come when they come: what stands at the end counts.
    private mutating func setRow(_ text: String, _ session: String) { lines["row \(session)"] = [text] }

    private mutating func laneOfFirst(_ type: String, _ data: JSONValue, _ session: String) -> String {
        switch type {
        case "permission.asked", "question.asked": return "asked \(session)"
        case "permission.replied": return "replied \(session)"
        case "todo.updated": return "todos"
        case "file.edited", "file.watcher.updated": return "files"
        case "message.updated" where data["info"]?["role"]?.string == "user":
            return "prompt " + normal.names.name(data["info"]?["id"]?.string ?? "")
        case "message.part.updated": return laneOfPart(data["part"], session)
        default: return session == "ses#1" ? "main" : "main \(session)"
        }
    }

    private mutating func laneOfPart(_ part: JSONValue?, _ session: String) -> String {
        let main = session == "ses#1" ? "main" : "main \(session)"
        guard part?["type"]?.string == "tool" else {
            let isPrompt = part?["time"] == nil && part?["type"]?.string == "text"
            return isPrompt ? "prompt " + normal.names.name(part?["messageID"]?.string ?? "") : main
        }
        return part?["state"]?["status"]?.string == "pending" ? main : normal.names.name(part?["callID"]?.string ?? "")
    }

    // 2.x

    private mutating func addSecond(_ frame: JSONValue) {
        guard let type = frame["type"]?.string, let data = frame["data"] else { return }
        let session = data["sessionID"] ?? data["form"]?["sessionID"] ?? data["info"]?["metadata"]?["sessionID"]
        guard session != nil || type == "shell.exited" else { return }
        normal.names.enter(session?.string)
        if let delta = data["delta"]?.string, type.hasSuffix(".delta") {
            let message = normal.names.name(data["assistantMessageID"]?.string ?? "")
            return say(delta, of: "\(message) \(type) \(data["ordinal"]?.int ?? 0)")
        }
        let name = session?.string.map { normal.names.name($0) } ?? ""
        if isCounting, let seq = frame["durable"]?["seq"]?.int { lines["count \(name)"] = [String(seq)] }
        if type == "session.instructions.updated" { return add(type, to: name == "ses#1" ? "main" : "main \(name)") }
        add(type + " " + normal.text(data), to: laneOfSecond(type, data, name))
    }

    private mutating func laneOfSecond(_ type: String, _ data: JSONValue, _ session: String) -> String {
        switch type {
        case "session.usage.updated": return "usage \(session)"
        case "session.renamed": return "title \(session)"
        case "permission.asked", "form.created": return "asked \(session)"
        case "permission.replied": return "replied \(session)"
        case "shell.created", "shell.exited": return normal.names.name(data["id"]?.string ?? data["info"]?["id"]?.string ?? "")
        case "session.tool.progress", "session.tool.success", "session.tool.failed": return normal.names.name(data["id"]?.string ?? "")
        default: return session == "ses#1" ? "main" : "main \(session)"
        }
    }

    /// How it differs from another, in words; empty: not at all.
    func differences(from other: FrameLanes) -> [String] {
        var found: [String] = []
        for lane in Set(lines.keys).union(other.lines.keys).sorted() {
            let (mine, theirs) = (lines[lane] ?? [], other.lines[lane] ?? [])
            guard
                let place = (0..<max(mine.count, theirs.count)).first(where: {
                    $0 >= mine.count || $0 >= theirs.count || mine[$0] != theirs[$0]
                })
            else { continue }
            let played = place < mine.count ? mine[place] : "(nothing)"
            let recorded = place < theirs.count ? theirs[place] : "(nothing)"
            found.append(
                "\(lane) [\(place)] of \(mine.count)/\(theirs.count):\n  played   \(played.prefix(1400))\n  recorded \(recorded.prefix(1400))"
            )
        }
        return found
            + saidOtherwise(than: other).map { part in
                "said of \(part):\n  played   \(said[part] ?? "(nothing)")\n  recorded \(other.said[part] ?? "(nothing)")"
            }
    }

    /// The parts whose texts are not those of another. What was stopped or killed was so at another word: there one begins with the other.
    private func saidOtherwise(than other: FrameLanes) -> [String] {
        Set(said.keys).union(other.said.keys).sorted().filter { part in
            guard let mine = said[part], let theirs = other.said[part] else { return true }
            return mine != theirs && (normal.textLength == nil || !(mine.hasPrefix(theirs) || theirs.hasPrefix(mine)))
        }
    }
}
