// A session's row. Left out by name: slug, projectID, version, path, the revert's snapshot; GlobalSession's `project`.

import RelayProtocol
import Wire

extension OpenCode1Words {
    /// Its id is that of the session that was asked or told of, whatever stands inside.
    static func row(_ info: JSONValue, of session: String) -> [UInt8] {
        let time = info["time"]
        return JSONWriter.object { writer in
            writer.member("id", session)
            writer.member("title", info["title"])
            writer.member("directory", info["directory"])
            writer.member("parent", info["parentID"])
            writer.member("agent", info["agent"])
            writeModel(&writer, provider: info["model"]?["providerID"], id: info["model"]?["id"], variant: info["model"]?["variant"])
            writer.member("created", time?["created"])
            writer.member("updated", time?["updated"])
            writer.member("archived", time?["archived"])
            writer.member("cost", info["cost"])
            writeTokens(&writer, info["tokens"])
            writeRevert(&writer, info["revert"])
            writer.member("upstream", "opencode")
            writer.rest(
                "extra", of: info,
                besides: [
                    "id", "title", "directory", "parentID", "agent", "model", "time", "cost", "tokens", "revert", "slug", "projectID",
                    "version",
                    "path", "project",
                ])
        }
    }

    private static func writeRevert(_ writer: inout JSONWriter, _ revert: JSONValue?) {
        guard let revert, revert.isObject else { return }
        writer.key("revert")
        writer.object { writer in
            writer.member("message", revert["messageID"])
            writer.member("part", revert["partID"])
            if let diff = revert["diff"], diff.rawText?.isEmpty == false { writeChange(&writer, Change(patch: diff)) }
        }
    }

    /// A row apart from what moves all the time: one in which only `updated` differs is not said, one in which the sums differ too waits.
    struct RowPrint: Equatable {
        var identity: UInt64
        var sums: UInt64

        /// `row` in our words.
        init(_ row: JSONValue) {
            identity = fingerprint(row, besides: ["updated", "cost", "tokens"])
            sums = fingerprint(row, besides: ["updated"]) &- identity
        }
    }
}
