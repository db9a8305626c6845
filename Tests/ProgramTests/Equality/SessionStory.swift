// All that was said in a session, as OpenCode gives it and as the program does.

import TestSupport
import Wire

struct SessionStory: Sendable {
    let session: String
    /// OpenCode has no such session any more.
    var isGone = false
    var title: String?
    var directory: String?
    var messages: [SaidMessage] = []

    // Theirs.

    static func theirs(_ session: String, _ opencode: OpenCodeDoor) throws -> SessionStory {
        var story = SessionStory(session: session)
        let prefix = opencode.generation == .first ? "" : "/api"
        guard let answer = try opencode.answer("GET", "\(prefix)/session/\(session)") else { throw Unreadable(session: session) }
        guard let row = opencode.generation == .first ? answer : answer["data"], row["id"]?.string == session else {
            story.isGone = true
            return story
        }
        story.title = row["title"]?.string
        story.directory = row["directory"]?.string ?? row["location"]?["directory"]?.string
        story.messages = try messages(session, opencode)
        return story
    }

    private static func messages(_ session: String, _ opencode: OpenCodeDoor) throws -> [SaidMessage] {
        guard opencode.generation == .second else {
            guard let answer = try opencode.answer("GET", "/session/\(session)/message") else { throw Unreadable(session: session) }
            return SaidMessage.theirs(answer, .first)
        }
        var all: [SaidMessage] = []
        var query = "limit=200&order=asc"
        while let page = try opencode.answer("GET", "/api/session/\(session)/message?\(query)"), !(page["data"]?.items.isEmpty ?? true) {
            all += SaidMessage.theirs(page, .second)
            guard page["data"]?.items.count == 200, let next = page["cursor"]?["next"]?.string else { break }
            query = "limit=200&cursor=\(next)"
        }
        return all
    }

    // Ours.

    static func ours(_ session: String, _ door: RelayDoor) throws -> SessionStory {
        var story = SessionStory(session: session)
        var page = try door.get("/v1/sessions/\(session)")
        story.isGone = page["session"]?["gone"]?.bool == true
        story.title = page["session"]?["title"]?.string
        story.directory = page["session"]?["directory"]?.string
        let blobs = Blobs(session: session, door: door)
        story.messages = try SaidMessage.ours(blobs.resolved(page))
        while let before = page["before"]?.string {
            page = try door.get("/v1/sessions/\(session)/messages?before=\(before)&limit=100")
            story.messages = try SaidMessage.ours(blobs.resolved(page)) + story.messages
        }
        return story
    }

    struct Unreadable: Error { let session: String }
}
