// One part, as the log holds it and as a read gives it: which fields win.

import OpenCode
import RelayProtocol
import Wire

enum PartHealing {
    /// The part object to say, or nil if the log has it all.
    static func difference(_ held: FoldedPart, _ read: JSONValue, acrossOutage: Bool) -> [UInt8]? {
        switch read["type"]?.string {
        case "text", "reasoning": text(held, read, acrossOutage: acrossOutage)
        case "tool": tool(held, read)
        default: ObjectFields.differ(held.object, read, besides: []) ? Array(read.raw) : nil
        }
    }

    /// The longer text wins where one begins with the other; else what was heard stays, unless words of it are known to be missing and the other
    /// is final.
    private static func text(_ held: FoldedPart, _ read: JSONValue, acrossOutage: Bool) -> [UInt8]? {
        let (heard, given) = (held.currentText, read["text"]?.rawText)
        let isOpen = read["open"]?.bool == true
        let wasIncomplete = held.object["incomplete"]?.bool == true
        let takesRead = given.map { $0.starts(with: heard) || (!isOpen && !$0.isEmpty && wasIncomplete) } ?? true
        let isIncomplete = isOpen && (acrossOutage || wasIncomplete)
        let merged = JSONWriter.object { writer in
            for (key, value) in read.members where key != "incomplete" {
                writer.key(named: key)
                if key == "text", !takesRead { writer.rawText(heard) } else { writer.raw(value.raw) }
            }
            if isIncomplete { writer.member("incomplete", true) }
        }
        guard let value = try? JSON.parse(merged) else { return nil }
        let isSameText =
            given == nil ? !ObjectFields.differ(held.object, value, besides: []) : value["text"]?.rawText?.elementsEqual(heard) == true
        return isSameText && !ObjectFields.differ(held.object, value, besides: ["text"]) ? nil : merged
    }

    /// A tool that still runs keeps what only events told of it.
    private static func tool(_ held: FoldedPart, _ read: JSONValue) -> [UInt8]? {
        let rank = ["pending": 0, "running": 1, "completed": 2, "error": 2]
        let before = rank[held.object["state"]?.string ?? ""] ?? 0
        let now = rank[read["state"]?.string ?? ""] ?? 0
        if now < before { return nil }
        if now == 2 {
            return ObjectFields.differ(held.object, read, besides: held.output.isEmpty ? [] : ["output"]) ? Array(read.raw) : nil
        }
        let output = PartRead.output(heard: held.currentOutput, read: read["output"]?.rawText ?? [])
        let merged = JSONWriter.object { writer in
            for (key, value) in kept(held, read, isRunning: now == 1) {
                writer.key(named: key)
                writer.raw(value.raw)
            }
            if !output.isEmpty {
                writer.key("output")
                writer.rawText(output)
            }
        }
        guard let value = try? JSON.parse(merged) else { return nil }
        return output != held.currentOutput || ObjectFields.differ(held.object, value, besides: ["output"]) ? merged : nil
    }

    /// The fields of a tool that is not done, but for its output.
    private static func kept(_ held: FoldedPart, _ read: JSONValue, isRunning: Bool) -> [(key: String, value: JSONValue)] {
        var kept: [(key: String, value: JSONValue)] = read.members.filter { $0.key != "output" }.map { field in
            guard field.key == "metadata" || field.key == "title", let known = held.object.member(named: field.key) else { return field }
            return (field.key, known)
        }
        for field in held.object.members
        where field.key != "output" && !kept.contains(where: { $0.key == field.key }) && !(isRunning && field.key == "raw") {
            kept.append(field)
        }
        return kept
    }
}
