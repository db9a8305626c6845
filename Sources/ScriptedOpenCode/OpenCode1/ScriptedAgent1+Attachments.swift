// What 1.18 makes of a prompt's parts: a text file is read at once, and what was read stands before it; whoever is mentioned is asked for.

import Wire

extension ScriptedAgent1 {
    /// A part of a prompt, with the texts that OpenCode writes for it.
    static func stored(_ part: JSONValue, in directory: String) -> [JSONValue] {
        switch part["type"]?.string {
        case "file" where part["mime"]?.says("text/plain") == true: return read(part, in: directory)
        case "agent":
            let name = part["name"]?.string ?? ""
            let hint = " Use the above message and context to generate a prompt and call the task tool with subagent: \(name)"
            return [part] + text(hint)
        default: return [part]
        }
    }

    /// The only file that there is can be read; in place of any other stand texts.
    private static func read(_ part: JSONValue, in directory: String) -> [JSONValue] {
        let url = part["url"]?.string ?? ""
        if let inline = ScriptedAttachment.inline(url) {
            return text(called(part["filename"]?.string ?? "")) + text(String(decoding: inline.bytes, as: UTF8.self)) + [part]
        }
        let path = ScriptedAttachment.path(url) ?? url
        guard path == ScriptedAttachment.path(in: directory) else {
            return text(called(path)) + text("Read tool failed to read \(path) with the following error: File not found: \(path)")
        }
        return text(called(path)) + text(ScriptTools.first.read.in(directory).output) + [part]
    }

    private static func called(_ path: String) -> String {
        #"Called the Read tool with the following input: {"filePath":\#(ScriptTool.quoted(path))}"#
    }

    private static func text(_ text: String) -> [JSONValue] {
        let part = JSONWriter.object { writer in
            writer.member("type", "text")
            writer.member("synthetic", true)
            writer.member("text", text)
        }
        return (try? JSON.parse(part)).map { [$0] } ?? []
    }
}
