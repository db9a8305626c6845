// Tool parts: one flat object, with what a person must see in one form (`title`, `output`, `changes`) taken from where 1.18 puts it.

import RelayProtocol
import Wire

extension OpenCode1Words {
    static func tool(_ part: JSONValue, _ id: String, _ message: String, directory: String?) -> OpenCode1Part {
        let state = part["state"]
        let isRunning = state?["status"]?.says("running") == true
        let isPending = state?["status"]?.says("pending") == true
        let metadata = state?["metadata"]
        let given = state?["output"]?.rawText
        let output = given ?? metadata?["output"]?.rawText ?? []
        let object = JSONWriter.object { writer in
            head(&writer, part)
            writer.member("call", part["callID"])
            writer.member("name", part["tool"])
            let kind = ToolKind(toolNamed: part["tool"]?.string ?? "")
            writer.member("kind", kind.rawValue)
            writer.member("state", state?["status"])
            if !(isPending && state?["input"]?.members.isEmpty == true) { writer.member("input", state?["input"]) }
            if let raw = state?["raw"], raw.rawText?.isEmpty == false { writer.member("raw", raw) }
            let name = state?["title"]?.rawText ?? []
            writer.member("title", rawText: name.isEmpty ? ToolTitle.make(kind, input: state?["input"], directory: directory) : name)
            writeFiles(&writer, state?["attachments"])
            let change = self.change(metadata)
            if let change { writeChange(&writer, change) }
            writer.member("error", state?["error"])
            let isSame = given == nil || metadata?["output"]?.rawText == output
            writeMetadata(&writer, metadata, besides: (isSame ? ["output"] : []) + (change?.moved ?? []))
            writer.member("started", state?["time"]?["start"])
            writer.member("ended", state?["time"]?["end"])
            if kind == .task { writer.member("session", metadata?["sessionId"]) }
            if !isRunning, !output.isEmpty || given != nil { writer.member("output", rawText: output) }
            writeToolExtra(&writer, part, state)
        }
        return OpenCode1Part(
            id: id, message: message, kind: .tool, object: object, output: isRunning ? output : [], stage: isPending ? 0 : isRunning ? 1 : 2
        )
    }

    private static func writeFiles(_ writer: inout JSONWriter, _ attachments: JSONValue?) {
        guard let attachments, !attachments.items.isEmpty else { return }
        writer.key("files")
        writer.array { writer in
            for file in attachments.items {
                writer.object { writer in
                    writer.member("mime", file["mime"])
                    writer.member("name", file["filename"])
                    writer.member("url", file["url"])
                }
            }
        }
    }

    /// Metadata as it came, nulls and all, without what stands elsewhere: the output of a tool that runs (of one that is over where it is
    /// the same), the diffs that became `changes`.
    static func writeMetadata(_ writer: inout JSONWriter, _ metadata: JSONValue?, besides moved: [StaticString]) {
        var rest: [(key: JSONValue, value: JSONValue)] = []
        metadata?.forEachMember { key, value in if !moved.contains(where: { key.says($0) }) { rest.append((key, value)) } }
        guard !rest.isEmpty else { return }
        writer.key("metadata")
        writer.object { writer in
            for (key, value) in rest {
                writer.key(named: key.string ?? "")
                writer.raw(value.raw)
            }
        }
    }

    private static func writeToolExtra(_ writer: inout JSONWriter, _ part: JSONValue, _ state: JSONValue?) {
        var unknown: [(key: JSONValue, value: JSONValue)] = []
        let stateNames: [StaticString] = ["status", "input", "raw", "title", "output", "metadata", "time", "attachments", "error"]
        let partNames: [StaticString] = commonNames + ["callID", "tool", "state", "metadata"]
        part.forEachMember { key, value in if !partNames.contains(where: { key.says($0) }) { unknown.append((key, value)) } }
        state?.forEachMember { key, value in if !stateNames.contains(where: { key.says($0) }) { unknown.append((key, value)) } }
        let compacted = state?["time"]?["compacted"]
        guard !unknown.isEmpty || compacted != nil else { return }
        writer.key("extra")
        writer.object { writer in
            for (key, value) in unknown {
                writer.key(named: key.string ?? "")
                writer.raw(value.raw)
            }
            writer.member("compacted", compacted)
        }
    }

    // Changes: unified diffs in one form.

    struct Change {
        var file: JSONValue?
        var patch: JSONValue?
        var status: JSONValue?
        var additions: JSONValue?
        var deletions: JSONValue?
        /// What stood for it in `metadata`.
        var moved: [StaticString] = []
    }

    static func change(_ metadata: JSONValue?) -> Change? {
        if let diff = metadata?["filediff"], diff.isObject {
            return Change(
                file: diff["file"], patch: diff["patch"] ?? metadata?["diff"], status: diff["status"], additions: diff["additions"],
                deletions: diff["deletions"], moved: ["filediff", "diff"])
        }
        guard let diff = metadata?["diff"], diff.isString else { return nil }
        return Change(file: metadata?["filepath"], patch: diff, moved: ["diff", "filepath"])
    }

    static func writeChange(_ writer: inout JSONWriter, _ change: Change) {
        writer.key("changes")
        writer.array { writer in
            writer.object { writer in
                writer.member("file", change.file)
                writer.member("patch", change.patch)
                writer.member("status", change.status)
                writer.member("additions", change.additions)
                writer.member("deletions", change.deletions)
            }
        }
    }
}
