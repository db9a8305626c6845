// An assistant's row: one step of the model, its content in order, then what it changed, then the retry that is scheduled.

import RelayProtocol
import Wire

extension OpenCode2Words {
    static func assistant(_ id: String, _ created: Int, _ row: JSONValue, directory: String?) -> Mapped {
        var message = OpenCode2Message(id: id, role: .assistant, created: created)
        message.completed = row["time"]?["completed"]?.int
        message.agent = row["agent"].bytes
        message.model = model(row["model"])
        message.finish = row["finish"].bytes
        message.error = row["error"].map(error)
        message.cost = row["cost"].bytes
        message.tokens = tokens(row["tokens"])
        message.extra = rest(row, besides: answerNames)
        var reading = ContentReading(message: message, directory: directory)
        for content in row["content"]?.items ?? [] { reading.take(content) }
        let snapshot = row["snapshot"]
        if let patch = patch(id, hash: snapshot?["start"].bytes, files: snapshot?["files"]) { reading.parts.append(patch) }
        if let retry = row["retry"] { reading.parts.append(self.retry(id, retry)) }
        return Mapped(message: message, parts: reading.parts)
    }

    private static let answerNames: [StaticString] = [
        "id", "type", "time", "agent", "model", "content", "snapshot", "finish", "rawFinish", "providerState", "native", "cost", "tokens",
        "error",
        "retry",
    ]

    /// The content of a row, one item after the other: texts and reasonings are counted, each kind by itself.
    private struct ContentReading {
        let message: OpenCode2Message
        let directory: String?
        var parts: [PartRead] = []
        private var texts = 0
        private var reasonings = 0
        private var others = 0

        init(message: OpenCode2Message, directory: String?) {
            self.message = message
            self.directory = directory
        }

        mutating func take(_ content: JSONValue) {
            switch content["type"]?.string {
            case "text": text(content)
            case "reasoning": reasoning(content)
            case "tool": tool(content)
            default:
                parts.append(unknown(message.id, others, content))
                others += 1
            }
        }

        /// A row has no text before its end. A message that was closed without a finish and without an error was cut by a death.
        private mutating func text(_ content: JSONValue) {
            let text = content["text"]?.rawText ?? []
            let isCut = message.completed == nil || (message.finish == nil && message.error == nil)
            let spoken = Spoken(id: partID(message.id, "t", texts), message: message.id, text: text, isOpen: text.isEmpty && isCut)
            parts.append(PartRead(id: spoken.id, object: spoken.object))
            texts += 1
        }

        private mutating func reasoning(_ content: JSONValue) {
            let text = content["text"]?.rawText ?? []
            let time = content["time"]
            var spoken = Spoken(id: partID(message.id, "r", reasonings), message: message.id, isReasoning: true, text: text)
            spoken.started = time?["created"]?.int
            spoken.ended = time?["completed"]?.int
            spoken.isOpen = time != nil ? spoken.ended == nil : text.isEmpty && message.completed == nil
            parts.append(PartRead(id: spoken.id, object: spoken.object))
            reasonings += 1
        }

        private mutating func tool(_ content: JSONValue) {
            guard let call = content["id"]?.string else { return }
            var tool = OpenCode2Tool(
                id: "\(message.id).\(call)", message: message.id, call: content["id"].bytes ?? [],
                name: content["name"].bytes ?? Array(#""""#.utf8))
            tool.started = content["time"]?["ran"]?.int
            tool.isRemote = content["executed"]?.bool == true
            let state = content["state"]
            switch state?["status"]?.string {
            case "streaming": if state?["input"]?.rawText?.isEmpty == false { tool.raw = state?["input"].bytes }
            case "running":
                tool.state = .running
                tool.input = state?["input"]
                tool.metadata = state?["metadata"]
            default:
                // Arguments that could not be read leave an empty input, and no call.
                if tool.started != nil || state?["input"]?.members.isEmpty == false { tool.input = state?["input"] }
                if let state { tool.finish(state, at: content["time"]?["completed"]?.int) }
            }
            parts.append(PartRead(id: tool.id, object: tool.object(directory: directory)))
        }
    }
}
