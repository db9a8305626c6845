// All that was said in a session, as OpenCode gives it and as the program does.

import TestSupport
import Wire

struct SessionContent: Sendable {
    let session: String
    /// OpenCode has no such session any more.
    var isGone = false
    var title: String?
    var directory: String?
    var messages: [ComparableMessage] = []

    // Theirs.

    static func theirs(_ session: String, _ opencode: OpenCodeAPI) throws -> SessionContent {
        var content = SessionContent(session: session)
        let prefix = opencode.generation == .first ? "" : "/api"
        guard let answer = try opencode.answer("GET", "\(prefix)/session/\(session)") else { throw Unreadable(session: session) }
        guard let row = opencode.generation == .first ? answer : answer["data"], row["id"]?.string == session else {
            content.isGone = true
            return content
        }
        content.title = row["title"]?.string
        content.directory = row["directory"]?.string ?? row["location"]?["directory"]?.string
        content.messages = try messages(session, opencode)
        return content
    }

    private static func messages(_ session: String, _ opencode: OpenCodeAPI) throws -> [ComparableMessage] {
        guard opencode.generation == .second else {
            guard let answer = try opencode.answer("GET", "/session/\(session)/message") else { throw Unreadable(session: session) }
            return ComparableMessage.theirs(answer, .first)
        }
        var all: [ComparableMessage] = []
        var query = "limit=200&order=asc"
        while let page = try opencode.answer("GET", "/api/session/\(session)/message?\(query)"), !(page["data"]?.items.isEmpty ?? true) {
            all += ComparableMessage.theirs(page, .second)
            guard page["data"]?.items.count == 200, let next = page["cursor"]?["next"]?.string else { break }
            query = "limit=200&cursor=\(next)"
        }
        return all
    }

    // Ours.

    static func ours(_ session: String, _ api: RelayAPI) throws -> SessionContent {
        var content = SessionContent(session: session)
        var page = try api.get("/v1/sessions/\(session)")
        content.isGone = page["session"]?["gone"]?.bool == true
        content.title = page["session"]?["title"]?.string
        content.directory = page["session"]?["directory"]?.string
        let blobs = BlobResolver(session: session, api: api)
        content.messages = try ComparableMessage.ours(blobs.resolved(page))
        while let before = page["before"]?.string {
            page = try api.get("/v1/sessions/\(session)/messages?before=\(before)&limit=100")
            content.messages = try ComparableMessage.ours(blobs.resolved(page)) + content.messages
        }
        return content
    }

    struct Unreadable: Error { let session: String }
}
