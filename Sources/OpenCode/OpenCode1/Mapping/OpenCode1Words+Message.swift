// Messages. Left out by name: mode, path, parentID, and a user message's `summary` (its diffs weigh most of all).

import RelayProtocol
import Wire

extension OpenCode1Words {
    /// `created` as it was first said (1.18 rewrites it when an id is sent again); `turn`: the turn that made it.
    static func message(_ info: JSONValue, created: Int?, turn: Int?) -> [UInt8] {
        let time = info["time"]
        return JSONWriter.object { writer in
            writer.member("id", info["id"])
            writer.member("role", info["role"])
            if let created { writer.member("created", created) } else { writer.member("created", time?["created"]) }
            writer.member("completed", time?["completed"])
            writer.member("turn", turn)
            writer.member("agent", info["agent"])
            writeMessageModel(&writer, info)
            writer.member("finish", info["finish"])
            if let error = info["error"] { writer.member("error", raw: self.error(error)) }
            writer.member("cost", info["cost"])
            writeTokens(&writer, info["tokens"])
            if info["summary"]?.bool == true { writer.member("summary", true) }
            writer.rest(
                "extra", of: info,
                besides: [
                    "id", "sessionID", "role", "time", "agent", "model", "modelID", "providerID", "variant", "mode", "path", "parentID",
                    "cost",
                    "tokens", "finish", "error", "summary",
                ])
        }
    }

    /// A message that was read, with the place and the turn that the log has for it.
    static func message(read object: JSONValue, created: Int, turn: Int?) -> [UInt8] {
        JSONWriter.object { writer in
            for (key, value) in object.members {
                writer.key(named: key)
                if key == "created" { writer.int(created) } else { writer.raw(value.raw) }
            }
            writer.member("turn", turn)
        }
    }

    private static func writeMessageModel(_ writer: inout JSONWriter, _ info: JSONValue) {
        if let model = info["model"], model.isObject {
            writeModel(&writer, provider: model["providerID"], id: model["modelID"], variant: model["variant"])
        } else {
            writeModel(&writer, provider: info["providerID"], id: info["modelID"], variant: info["variant"])
        }
    }
}
