// What comes with a prompt of 2.x: files, which are read when it is accepted, and the reminders of OpenCode itself.

import Wire

extension ScriptedAgent2 {
    /// A file as the inbox keeps it: with what is in it.
    static func attached(_ file: JSONValue, in directory: String) throws(ScriptedProblem) -> [UInt8] {
        let uri = try file.text("uri")
        if let inline = ScriptedAttachment.inline(uri) {
            return json(inline.bytes, inline.mime, source: #"{"type":"inline"}"#, file)
        }
        guard let path = ScriptedAttachment.path(uri) else { throw .wrongAttachment("Invalid attachment URI: \(uri)") }
        guard path == ScriptedAttachment.path(in: directory) else { throw .wrongAttachment("Unable to read attachment: \(uri)") }
        let source = #"{"type":"uri","uri":\#(ScriptTool.quoted(uri))}"#
        return json(Array(ScriptedAttachment.file.text.utf8), "text/plain", source: source, file)
    }

    private static func json(_ bytes: [UInt8], _ mime: String, source: String, _ file: JSONValue) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("data", Base64.encode(bytes))
            writer.member("mime", mime)
            writer.member("source", raw: Array(source.utf8))
            writer.member("name", file["name"])
        }
    }

    /// Whoever comes into plan mode, or leaves it, is told so with the next prompt; it wakes nobody.
    mutating func remind(of agent: String, after previous: String?, _ session: String, _ now: Int64) {
        guard (agent == "plan") != (previous == "plan") else { return }
        let text = agent == "plan" ? ScriptTexts.planning(in: directory(of: session)) : ScriptTexts.planned
        guard let payload = try? JSON.parse(JSONWriter.object { $0.member("text", text) }) else { return }
        let id = core.identifiers.next("msg_", at: now)
        enqueue(ScriptedInboxItem(id: id, session: session, created: now, payload: payload, delivery: "steer", kind: .synthetic), now)
    }
}
