// A recording played through the adapter, as ingest plays a stream: each frame to its session's translator, each event into a fold. REST is
// answered as the recording answered it last.

import OpenCode
import RelayProtocol
import Testing
import Wire

struct Replay1 {
    struct Session {
        var translator: any SessionTranslator
        var folded = FoldedSession()
        var events: [Event] = []
        var wishes: [Wish] = []
    }

    let adapter = OpenCode1()
    private(set) var sessions: [String: Session] = [:]
    private(set) var serverEvents: [Event] = []
    /// All events in the order in which they were said.
    private(set) var said: [(session: String, event: Event)] = []
    private(set) var answers: [String: UpstreamAnswer] = [:]
    /// ms since 1970, one a frame.
    private(set) var now: Int64 = 1_795_000_000_000

    mutating func play(_ lines: some Sequence<Recording1.Line>) {
        for line in lines { play(line) }
    }

    mutating func play(_ line: Recording1.Line) {
        switch line {
        case .frame(let frame): receive(frame)
        case .answer(_, "GET", let target, let answer): answers[Self.route(target)] = answer
        case .closed, .request, .answer, .note: break
        }
    }

    mutating func receive(_ frame: JSONValue) {
        now += 20
        switch adapter.route(frame) {
        case .session(let id):
            var session = sessions[id] ?? Session(translator: adapter.translator(session: id, record: nil, held: FoldedSession()))
            let translation = session.translator.receive(frame, now: now)
            sessions[id] = session
            take(translation, id)
        case .server: if let event = adapter.serverEvent(frame) { serverEvents.append(event) }
        case .connected, .ignored: break
        }
    }

    mutating func take(_ translation: Translation, _ id: String) {
        sessions[id]?.wishes += translation.wishes
        for event in translation.events {
            sessions[id]?.events.append(event)
            sessions[id]?.folded.apply(event)
            said.append((id, event))
        }
    }

    mutating func wake(_ id: String, after milliseconds: Int64) {
        now += milliseconds
        guard let translation = sessions[id]?.translator.wake(now: now) else { return }
        take(translation, id)
    }

    mutating func settle(_ read: SessionRead) {
        guard let translation = sessions[read.session]?.translator.settle(read, now: now) else { return }
        take(translation, read.session)
    }

    /// Puts another translator in its place, from record and fold, as a restart does.
    mutating func restart(_ id: String) {
        guard let session = sessions[id] else { return }
        sessions[id]?.translator = adapter.translator(session: id, record: session.translator.record, held: session.folded)
    }

    /// What the recording's answers say of a session now, through the adapter's own exchange; nil if it was not asked all of it.
    func read(_ id: String, directory: String) -> SessionRead? {
        var exchange = adapter.readSession(id, directory: directory, until: nil, limit: 50)
        var given: [UpstreamAnswer] = []
        while true {
            switch exchange.next(given) {
            case .send(let requests):
                given = requests.compactMap { answers[Self.route($0.target)] }
                guard given.count == requests.count else { return nil }
            case .done(let read): return read
            case .wait, .checkpoint, .failed: return nil
            }
        }
    }

    /// Path, and the directory where the path does not say the session.
    static func route(_ target: String) -> String {
        let pieces = target.split(separator: "?", maxSplits: 1)
        let path = String(pieces[0])
        guard !path.hasPrefix("/session/ses_"), pieces.count > 1 else { return path }
        let query = pieces[1].split(separator: "&").first { $0.hasPrefix("directory=") } ?? ""
        return path + "?" + (PercentEncoding.decode(String(query)) ?? "")
    }
}
