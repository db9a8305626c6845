// Hears OpenCode's own stream beside the program, over a socket of its own, and joins what it streams of each part.

import TestSupport
import Wire

final class OpenCodeEar {
    struct Ended: Error {}

    private let stream: PlainStream
    private let generation: OpenCodeGeneration
    /// What was streamed of each part, as JSON between quotes.
    private(set) var texts: [String: [UInt8]] = [:]

    init(_ opencode: RealOpenCode) throws {
        generation = opencode.generation
        let target = generation == .first ? "/global/event" : "/api/event"
        stream = try PlainStream.open(opencode.port, target, headers: [opencode.authorization])
        // The stream is subscribed to when its first frame has come.
        _ = try stream.next()
    }

    /// Until the turn of a session is over.
    func untilIdle(_ session: String) throws {
        while let frame = try stream.next() {
            let value = try JSON.parse(frame.data, depth: 1024)
            let event = generation == .first ? value["payload"] : value
            let data = generation == .first ? event?["properties"] : event?["data"]
            guard let event, let data, data["sessionID"]?.string == session else { continue }
            hear(event["type"]?.string ?? "", data)
            if ["session.idle", "session.execution.succeeded"].contains(event["type"]?.string) { return }
        }
        throw Ended()
    }

    private func hear(_ type: String, _ data: JSONValue) {
        switch type {
        case "message.part.delta" where data["field"]?.string == "text": add(data["partID"]?.string, data)
        case "session.text.delta", "session.reasoning.delta":
            let kind = type == "session.text.delta" ? "t" : "r"
            add("\(data["assistantMessageID"]?.string ?? "").\(kind)\(data["ordinal"]?.int ?? 0)", data)
        default: break
        }
    }

    private func add(_ part: String?, _ data: JSONValue) {
        texts[part ?? "", default: []] += data["delta"]?.rawText ?? []
    }
}
