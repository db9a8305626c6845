// A permission request as 2.x tells it.

import Wire

extension ScriptedPermission {
    func write(to writer: inout JSONWriter) {
        writer.member("id", id)
        writer.member("sessionID", session)
        writer.member("action", ask.action)
        writer.member("resources", strings: ask.resources)
        writer.member("save", strings: ask.save)
        writer.member("metadata", raw: ask.metadata.map { Array($0.utf8) })
        writer.key("source")
        writer.object { source in
            source.member("type", "tool")
            source.member("messageID", message)
            source.member("id", call)
        }
    }
}
