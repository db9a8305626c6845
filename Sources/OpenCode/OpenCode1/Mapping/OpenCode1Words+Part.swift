// Parts. Left out by name: step-start, step-finish and snapshot (what they say is on the message), and the metadata of texts and tools
// (the provider's opaque state).

import RelayProtocol
import Wire

extension OpenCode1Words {
    enum PartMapping {
        case part(OpenCode1Part)
        case leftOut
        case unknown
    }

    static func part(_ part: JSONValue, directory: String?, compaction: OpenCode1Compaction = .running) -> PartMapping {
        guard let type = part["type"], let id = part["id"]?.string, let message = part["messageID"]?.string else { return .unknown }
        if type.says("step-start") || type.says("step-finish") || type.says("snapshot") { return .leftOut }
        if type.says("text") || type.says("reasoning") { return .part(text(part, id, message)) }
        if type.says("tool") { return .part(tool(part, id, message, directory: directory)) }
        if type.says("compaction") { return .part(self.compaction(part, id, message, compaction)) }
        guard let object = plain(part, type) else { return .unknown }
        return .part(OpenCode1Part(id: id, message: message, kind: .other, object: object))
    }

    static func head(_ writer: inout JSONWriter, _ part: JSONValue) {
        writer.member("id", part["id"])
        writer.member("message", part["messageID"])
        writer.member("type", part["type"])
    }

    static let commonNames: [StaticString] = ["id", "sessionID", "messageID", "type"]

    private static func text(_ part: JSONValue, _ id: String, _ message: String) -> OpenCode1Part {
        let time = part["time"]
        let isOpen = time?["start"] != nil && time?["end"] == nil
        let object = JSONWriter.object { writer in
            head(&writer, part)
            writer.member("text", part["text"])
            if part["synthetic"]?.bool == true { writer.member("synthetic", true) }
            if isOpen { writer.member("open", true) }
            writer.member("started", time?["start"])
            writer.member("ended", time?["end"])
            writer.rest("extra", of: part, besides: commonNames + ["text", "synthetic", "time", "metadata"])
        }
        return OpenCode1Part(id: id, message: message, kind: .text, object: object, isOpen: isOpen)
    }

    private static func compaction(_ part: JSONValue, _ id: String, _ message: String, _ state: OpenCode1Compaction) -> OpenCode1Part {
        let object = JSONWriter.object { writer in
            head(&writer, part)
            switch state {
            case .running: writer.member("state", "running")
            case .completed: writer.member("state", "completed")
            case .failed: writer.member("state", "failed")
            }
            writer.member("auto", part["auto"])
            if case .failed(let error) = state { writer.member("error", raw: error) }
            writer.rest("extra", of: part, besides: commonNames + ["auto"])
        }
        return OpenCode1Part(id: id, message: message, kind: .compaction, object: object, stage: state == .running ? 1 : 2)
    }

    /// Parts that are said once and never change.
    private static func plain(_ part: JSONValue, _ type: JSONValue) -> [UInt8]? {
        let names: [StaticString]
        if type.says("file") {
            names = ["mime", "url", "source"]
        } else if type.says("agent") {
            names = ["name", "source"]
        } else if type.says("subtask") {
            names = ["prompt", "description", "agent"]
        } else if type.says("patch") {
            names = ["hash", "files"]
        } else if type.says("retry") {
            names = ["attempt"]
        } else {
            return nil
        }
        return JSONWriter.object { writer in
            head(&writer, part)
            for name in names { writer.member(name, part[name]) }
            if type.says("file") { writer.member("name", part["filename"]) }
            if type.says("retry"), let error = part["error"] { writer.member("error", raw: self.error(error)) }
            writer.rest(
                "extra", of: part, besides: commonNames + names + (type.says("file") ? ["filename"] : type.says("retry") ? ["error"] : []))
        }
    }
}
