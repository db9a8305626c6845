// A recording played through the adapter, as ingest plays a stream: each frame to its session's translator, each event into a fold. REST is
// answered as the recording answered it last.

import OpenCode
import RelayProtocol
import Testing
import Wire

struct Replay2 {
    struct Session {
        var translator: any SessionTranslator
        var folded = FoldedSession()
        var events: [Event] = []
        var wishes: [Wish] = []
        /// Its messages were read, and nothing was heard of it since.
        var isReadLast = false
        /// The same of its row.
        var isRowReadLast = false
    }

    let adapter = OpenCode2()
    private(set) var sessions: [String: Session] = [:]
    private(set) var serverEvents: [Event] = []
    /// All events in the order in which they were said.
    private(set) var said: [(session: String, event: Event)] = []
    private(set) var answers: [String: UpstreamAnswer] = [:]
    /// ms since 1970, one a frame.
    private(set) var now: Int64 = 1_795_000_000_000

    mutating func play(_ lines: some Sequence<Recording2.Line>) {
        for line in lines { play(line) }
    }

    mutating func play(_ line: Recording2.Line) {
        switch line {
        case .frame(let frame): receive(frame)
        case .answer(_, "GET", let target, let answer): note(target, answer)
        case .opened, .closed, .request, .answer, .note: break
        }
    }

    /// Pages of messages that are no newest page tell nothing of the end.
    private mutating func note(_ target: String, _ answer: UpstreamAnswer) {
        let pieces = target.split(separator: "?", maxSplits: 1).map(String.init)
        guard pieces.count == 1 || pieces[1] == "limit=50" || !pieces[0].hasSuffix("/message") else { return }
        answers[pieces[0]] = answer
        let steps = pieces[0].split(separator: "/")
        if steps.last == "message", steps.count == 4 { sessions[String(steps[2])]?.isReadLast = true }
        if steps.count == 3 { sessions[String(steps[2])]?.isRowReadLast = true }
    }

    mutating func receive(_ frame: JSONValue) {
        now += 20
        switch adapter.route(frame) {
        case .session(let id):
            var session = sessions[id] ?? Session(translator: adapter.translator(session: id, record: nil, held: FoldedSession()))
            let translation = session.translator.receive(frame, now: now)
            (session.isReadLast, session.isRowReadLast) = (false, false)
            sessions[id] = session
            take(translation, id)
        case .server: if let event = adapter.serverEvent(frame) { serverEvents.append(event) }
        case .connected, .ignored: break
        }
    }

    /// A frame of it did not arrive.
    mutating func lost(_ id: String) {
        sessions[id]?.isReadLast = false
        sessions[id]?.isRowReadLast = false
    }

    mutating func take(_ translation: Translation, _ id: String) {
        sessions[id]?.wishes += translation.wishes
        for event in translation.events { say(event, id) }
    }

    mutating func say(_ event: Event, _ id: String) {
        sessions[id]?.events.append(event)
        sessions[id]?.folded.apply(event)
        said.append((id, event))
    }

    /// Compares what was read with the fold, as ingest does, then lets the translator judge.
    mutating func heal(_ read: SessionRead) {
        guard let folded = sessions[read.session]?.folded else { return }
        for event in RESTComparison2.healing(folded, read) { say(event, read.session) }
        settle(read)
    }

    mutating func settle(_ read: SessionRead) {
        guard let translation = sessions[read.session]?.translator.settle(read, now: now) else { return }
        take(translation, read.session)
    }

    /// Puts another translator in its place, from record and fold, as a restart or a reconnect does.
    mutating func restart(_ id: String) {
        guard let session = sessions[id] else { return }
        sessions[id]?.translator = adapter.translator(session: id, record: session.translator.record, held: session.folded)
    }

    mutating func restart() { for id in sessions.keys { restart(id) } }
    mutating func forgetAnswers() { answers = [:] }

    /// What the recording's answers say of a session now, through the adapter's own exchange; nil if it was not asked all of it.
    func read(_ id: String) -> SessionRead? {
        var exchange = adapter.readSession(id, directory: nil, until: nil, limit: 50)
        var given: [UpstreamAnswer] = []
        while true {
            switch exchange.next(given) {
            case .send(let requests):
                given = requests.compactMap { answer($0.target) }
                guard given.count == requests.count else { return nil }
            case .done(var read):
                if sessions[id]?.isRowReadLast != true { read.row = nil }
                return read
            case .wait, .checkpoint, .failed: return nil
            }
        }
    }

    private func answer(_ target: String) -> UpstreamAnswer? {
        let path = String(target.split(separator: "?", maxSplits: 1)[0])
        if let answer = answers[path] { return answer }
        // Not asked in most recordings: a server without the route.
        if path.hasSuffix("/log") { return .answered(status: 404, isJSON: false, headers: [], body: []) }
        if path.hasSuffix("/inbox") || path.hasSuffix("/permission") || path.hasSuffix("/form") { return .json(#"{"data":[]}"#) }
        return nil
    }
}
