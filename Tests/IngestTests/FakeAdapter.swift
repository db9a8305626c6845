import OpenCode
import RelayProtocol
import Wire

/// An upstream of the simplest kind: a frame `{"session","text"}` becomes one `upstream` event, `busy` and `idle` set what the translator
/// says of itself, `{"hello":true}` greets. Reads answer with what the test's answers hold.
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
        FakeTranslator(record: record ?? [], isBusy: held.status == .busy)
    }

    func listSessions(pages: Int) -> any UpstreamExchange<SessionListRead> { FakeList() }

    func readSession(_ session: String, directory: String?, until: String?, limit: Int) -> any UpstreamExchange<SessionRead> {
        FakeRead(session: session)
    }

    func identifiers(for command: UpstreamCommand, now: Int64, random: inout any RandomNumberGenerator) -> [String] { [] }

    func perform(_ command: UpstreamCommand, identifiers: [String], checkpoint: [UInt8]?, settling: Bool) -> any UpstreamExchange<CommandResult> {
        FakeCommand()
    }
}

struct FakeTranslator: SessionTranslator {
    var record: [UInt8]
    var directory: String? { nil }
    var isBusy: Bool
    var turn: Turn? { nil }

    mutating func receive(_ frame: JSONValue, now: Int64) -> Translation {
        record += [UInt8(ascii: ".")]
        switch frame["text"]?.string {
        case "busy": isBusy = true
        case "idle": isBusy = false
        case "lost": return Translation(wishes: [.read])
        default: break
        }
        return Translation(events: [.upstream(frame.raw)])
    }

    mutating func settle(_ read: SessionRead, now: Int64) -> Translation { Translation() }
    mutating func wake(now: Int64) -> Translation { Translation() }
}

/// One request to `/list`; the answer's body is `{"sessions":[id …],"active":[id …]}`.
struct FakeList: UpstreamExchange {
    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<SessionListRead> {
        guard case .answered(_, _, _, let body)? = answers.first, let value = try? JSON.parse(body) else { return .send([UpstreamRequest("GET", "/list")]) }
        let sessions = (value["sessions"]?.items ?? []).compactMap(\.string).map { id in
            var read = SessionRead(session: id)
            read.row = Array(#"{"id":"\#(id)","updated":1}"#.utf8)
            return read
        }
        return .done(SessionListRead(sessions: sessions, active: Set((value["active"]?.items ?? []).compactMap(\.string))))
    }
}

/// One request to `/read/ID`; the answer's body is a list of message ids.
struct FakeRead: UpstreamExchange {
    let session: String

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<SessionRead> {
        guard let answer = answers.first else { return .send([UpstreamRequest("GET", "/read/\(session)")]) }
        guard case .answered(_, _, _, let body) = answer, let value = try? JSON.parse(body) else { return .failed(.unreachable) }
        var read = SessionRead(session: session)
        read.messages = value.items.compactMap(\.string).enumerated().map { place, id in
            MessageRead(id: id, created: place, object: Array(#"{"id":"\#(id)","role":"user","created":\#(place)}"#.utf8), parts: [])
        }
        read.isComplete = true
        return .done(read)
    }
}

struct FakeCommand: UpstreamExchange {
    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> { .done(.done(result: [])) }
}
