// Asks an OpenCode itself for all messages of a session.

import TestSupport
import Wire

struct UpstreamMessages {
    let port: UInt16
    let password: String
    let generation: OpenCodeGeneration

    func of(_ session: String) throws -> [ComparableMessage] {
        guard generation == .second else { return ComparableMessage.theirs(try ask("/session/\(session)/message"), .first) }
        var rows: [ComparableMessage] = []
        var cursor: String?
        repeat {
            let page = try ask("/api/session/\(session)/message?limit=50" + (cursor.map { "&cursor=\(PercentEncoding.encode($0))" } ?? ""))
            rows += ComparableMessage.theirs(page, .second)
            cursor = (page["data"]?.items.count ?? 0) < 50 ? nil : page["cursor"]?["next"]?.string
        } while cursor != nil
        return rows.reversed()
    }

    private func ask(_ target: String) throws -> JSONValue {
        let answer = try OpenCodeAPI(generation, port: port, password: password).ask("GET", target)
        guard answer.status == 200 else {
            throw BenchFailure("OpenCode answered \(answer.status) to \(target): \(answer.text.prefix(200))")
        }
        return try JSON.parse(answer.body, depth: 1024)
    }
}
