// An adapter, driven by lines as ingest drives it. A line that begins with `{` is a frame of the stream; else its first letter says:
//   a PATH STATUS BODY  what REST answers there from now on        R SESSION  read the session, settle
//   L  list the sessions        w MS  time passes, translators are woken        r  translators come back from their records
//   c JSON  a client's command, performed        m RECORD  a translator comes back from a record that something else has written
// Whatever comes: nothing traps, and every event is a line that the log can bear and everybody can read.

import RelayProtocol
import Wire

@testable import OpenCode

struct AdapterRun {
    struct Session {
        var translator: any SessionTranslator
        var events: [Event] = []
        var folded = FoldedSession()
    }

    private let adapter: any UpstreamAdapter
    private var sessions: [String: Session] = [:]
    private var answers = NotedAnswers()
    private var now: Int64 = 1_795_000_000_000

    static func play(_ lines: [[UInt8]], through adapter: any UpstreamAdapter) {
        var run = AdapterRun(adapter: adapter)
        for line in lines.prefix(300) { run.take(line) }
        run.finish()
    }

    /// What the sessions' translators have recorded after these lines.
    static func records(after lines: [[UInt8]], through adapter: any UpstreamAdapter) -> [[UInt8]] {
        var run = AdapterRun(adapter: adapter)
        for line in lines { run.take(line) }
        return run.sessions.sorted { $0.key < $1.key }.map(\.value.translator.record)
    }

    private init(adapter: any UpstreamAdapter) { self.adapter = adapter }

    private mutating func take(_ line: [UInt8]) {
        now += 20
        let rest = Array(line.dropFirst(2))
        switch line[0] {
        case UInt8(ascii: "a"): answers.note(rest)
        case UInt8(ascii: "R"): read(text(rest))
        case UInt8(ascii: "L"): _ = answers.run(adapter.listSessions(pages: 2))
        case UInt8(ascii: "w"): wake(after: Int64(text(rest).prefix(6)) ?? 1000)
        case UInt8(ascii: "r"): restart()
        case UInt8(ascii: "m"): comeBack(from: rest)
        case UInt8(ascii: "c"): if let command = CommandReader.command(rest) { perform(command) }
        default: receive(line)
        }
    }

    private mutating func receive(_ line: [UInt8]) {
        guard let frame = try? JSON.parse(JSON.onOneLine(line), depth: Limits.depth) else { return }
        switch adapter.route(frame) {
        case .session(let id):
            guard TopicName(id)?.kind == .session, sessions[id] != nil || sessions.count < 8 else { return }
            var session = sessions[id] ?? Session(translator: adapter.translator(session: id, record: nil, held: FoldedSession()))
            let translation = session.translator.receive(frame, now: now)
            sessions[id] = session
            say(translation.events, id)
        case .server: if let event = adapter.serverEvent(frame) { EventChecks.canBeLogged(event) }
        case .connected, .ignored: break
        }
    }

    private mutating func say(_ events: [Event], _ id: String) {
        for event in events {
            EventChecks.canBeLogged(event)
            sessions[id]?.events.append(event)
            sessions[id]?.folded.apply(event)
        }
    }

    private mutating func read(_ name: String) {
        guard let id = sessions.keys.contains(name) ? name : sessions.keys.min() else { return }
        guard let read = answers.run(adapter.readSession(id, directory: sessions[id]?.translator.directory, until: nil, limit: 50)) else {
            return
        }
        for event in EventChecks.events(of: read) { EventChecks.canBeLogged(event) }
        guard var session = sessions[id] else { return }
        let translation = session.translator.settle(read, now: now)
        sessions[id] = session
        say(translation.events, id)
    }

    private mutating func wake(after milliseconds: Int64) {
        now += milliseconds
        for id in sessions.keys.sorted() {
            guard var session = sessions[id] else { continue }
            let translation = session.translator.wake(now: now)
            sessions[id] = session
            say(translation.events, id)
        }
    }

    /// How deep the adapter reads its own records.
    private var recordDepth: Int { adapter is OpenCode2 ? OpenCode2Record.depth : JSON.defaultDepth }

    /// A record is JSON on one line, and whoever comes back from it knows as much.
    private mutating func restart() {
        for id in sessions.keys.sorted() {
            guard var session = sessions[id] else { continue }
            let record = session.translator.record
            check((try? JSON.parse(record, depth: recordDepth)) != nil, "the record \(text(record)) is not JSON")
            session.translator = adapter.translator(session: id, record: record, held: session.folded)
            sessions[id] = session
        }
    }

    private mutating func comeBack(from record: [UInt8]) {
        let id = sessions.keys.min() ?? "ses_1"
        var session = sessions[id] ?? Session(translator: adapter.translator(session: id, record: nil, held: FoldedSession()))
        session.translator = adapter.translator(session: id, record: record, held: session.folded)
        sessions[id] = session
    }

    private mutating func perform(_ command: UpstreamCommand) {
        var random: any RandomNumberGenerator = SplitMix(seed: UInt64(now))
        let identifiers = adapter.identifiers(for: command, now: now, random: &random)
        for settling in [false, true] {
            guard
                case .done(let result)? = answers.run(
                    adapter.perform(command, identifiers: identifiers, checkpoint: nil, settling: settling))
            else { continue }
            check((try? JSON.parse(result))?.isObject == true, "the result \(text(result))")
        }
    }

    private mutating func finish() {
        restart()
        for session in sessions.values {
            FoldChecks.isSound(session.folded)
            FoldChecks.mayBeSaidTwice(session.events, session.folded)
        }
    }
}
