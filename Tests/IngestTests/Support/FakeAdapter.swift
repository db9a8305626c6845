import OpenCode
import RelayProtocol
import Wire

/// An upstream of the simplest kind: a frame `{"session","text"}` becomes one `upstream` event, `busy` and `idle` set what the translator
/// says of itself; `{"session","message":ID}` says a message, `{"session","removed":ID}` takes it back, `{"session","closed":ID}` closes a
/// card; `{"hello":true}` greets. Reads answer with what the test's answers hold.
struct FakeAdapter: UpstreamAdapter {
    var generation: String { "fake" }
    var streamRequest: UpstreamRequest { UpstreamRequest("GET", "/events") }
    var silenceLimit: Duration { .seconds(30) }

    func route(_ frame: JSONValue) -> FrameRoute {
        if frame["hello"] != nil { return .connected }
        if let session = frame["session"]?.string { return .session(session) }
        return .server
    }

    func serverEvent(_ frame: JSONValue) -> Event? { .upstream(frame.raw) }

    func translator(session: String, record: [UInt8]?, held: FoldedSession) -> any SessionTranslator {
        FakeTranslator(record: record ?? [], isBusy: held.status == .busy, known: Set(held.messages.map(\.id)))
    }

    func listSessions(pages: Int) -> any UpstreamExchange<SessionListRead> { FakeList() }

    func readSession(_ session: String, directory: String?, until: String?, limit: Int) -> any UpstreamExchange<SessionRead> {
        FakeRead(session: session, target: "/read/\(session)?limit=\(limit)")
    }

    func readOlder(_ session: String, directory: String?, before older: String, limit: Int) -> any UpstreamExchange<SessionRead> {
        FakeRead(session: session, target: "/older/\(session)?before=\(older)")
    }

    func identifiers(for command: UpstreamCommand, now: Int64, random: inout any RandomNumberGenerator) -> [String] { [] }

    func perform(_ command: UpstreamCommand, identifiers: [String], checkpoint: [UInt8]?, settling: Bool) -> any UpstreamExchange<
        CommandResult
    > {
        FakeCommand()
    }
}

/// A message's place is its number: `m12` was created at 12.
enum FakeMessage {
    static func created(_ id: String) -> Int { Int(id.drop { !$0.isNumber }) ?? 0 }
    static func object(_ id: String) -> [UInt8] { Array(#"{"id":"\#(id)","role":"user","created":\#(created(id))}"#.utf8) }
}

struct FakeTranslator: SessionTranslator {
    var record: [UInt8]
    var directory: String? { nil }
    var isBusy: Bool
    var known: Set<String>

    mutating func receive(_ frame: JSONValue, now: Int64) -> Translation {
        record += [UInt8(ascii: ".")]
        if let id = frame["message"]?.string {
            return Translation(events: known.insert(id).inserted ? [.message(id, FakeMessage.object(id))] : [])
        }
        if let id = frame["removed"]?.string { return Translation(events: known.remove(id) != nil ? [.messageRemoved(id)] : []) }
        if let id = frame["closed"]?.string { return Translation(events: [.permissionClosed(id, reply: frame["reply"]?.string ?? "once")]) }
        if let size = frame["large"]?.int { return Translation(events: [FakeTranslator.large(size)]) }
        switch frame["text"]?.string {
        case "busy":
            isBusy = true
            return Translation(events: [.status(.busy)])
        case "idle":
            isBusy = false
            return Translation(events: [.status(.idle)])
        case "lost": return Translation(wishes: [.read])
        case "silent": return Translation()
        default: return Translation(events: [.upstream(frame.raw)])
        }
    }

    /// A part that no blob makes small enough.
    private static func large(_ count: Int) -> Event {
        .part(
            "p1",
            JSONWriter.object { writer in
                writer.member("id", "p1")
                writer.key("list")
                writer.array { list in for _ in 0..<count { list.string("thirty bytes of text, no more.") } }
            })
    }

    mutating func settle(_ read: SessionRead, now: Int64) -> Translation {
        known = Set(read.messages.map(\.id)).union(known)
        guard let status = read.status, (status == .busy) != isBusy else { return Translation() }
        isBusy = status == .busy
        return Translation(events: [.status(status)])
    }

    mutating func wake(now: Int64) -> Translation { Translation() }
}

/// One request to `/list`; the answer's body is `{"sessions":[id …],"active":[id …],"large"?}`. A 500 is a list that cannot be read.
struct FakeList: UpstreamExchange {
    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<SessionListRead> {
        guard let answer = answers.first else { return .send([UpstreamRequest("GET", "/list")]) }
        if case .late = answer { return .failed(.late) }
        guard case .answered(let status, _, _, let body) = answer, let value = try? JSON.parse(body) else { return .failed(.unreachable) }
        if status != 200 { return .failed(.unexpected(status: status, detail: "the list")) }
        let sessions = (value["sessions"]?.items ?? []).map { item in
            let id = item["id"]?.string ?? item.string ?? ""
            var read = SessionRead(session: id)
            read.row = Array(#"{"id":"\#(id)","updated":\#(item["updated"]?.int ?? 1)}"#.utf8)
            return read
        }
        var list = SessionListRead(sessions: sessions, active: Set((value["active"]?.items ?? []).compactMap(\.string)))
        list.tooLarge = value["large"]?.items.compactMap(\.string) ?? []
        return .done(list)
    }
}

/// One request; the answer's body is a list of message ids, or `{"messages":[id …],"updated"?,"older"?,"status"?,"gone"?,"missing"?,"beyond"?,"large"?}`.
/// A 500 is a session that cannot be read.
struct FakeRead: UpstreamExchange {
    let session: String
    let target: String

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<SessionRead> {
        guard let answer = answers.first else { return .send([UpstreamRequest("GET", target)]) }
        if case .late = answer { return .failed(.late) }
        guard case .answered(let status, _, _, let body) = answer, let value = try? JSON.parse(body) else { return .failed(.unreachable) }
        if status != 200 { return .failed(.unexpected(status: status, detail: "a session")) }
        var read = SessionRead(session: session)
        read.isGone = value["gone"]?.bool == true
        read.messages = (value["messages"] ?? value).items.compactMap(\.string).map { id in
            MessageRead(id: id, created: FakeMessage.created(id), object: FakeMessage.object(id), parts: [])
        }
        read.row = value["updated"]?.int.map { Array(#"{"id":"\#(session)","updated":\#($0)}"#.utf8) }
        read.isBeyondBounds = value["beyond"]?.bool == true
        read.tooLarge = value["large"]?.items.compactMap(\.string) ?? []
        read.older = value["older"]?.string
        read.isComplete = read.older == nil && value["missing"] == nil
        read.status = value["status"]?.string.map { $0 == "busy" ? .busy : .idle }
        return .done(read)
    }
}

struct FakeCommand: UpstreamExchange {
    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> { .done(.done(result: [])) }
}
