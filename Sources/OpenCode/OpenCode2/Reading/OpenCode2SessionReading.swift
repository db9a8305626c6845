// One session, whole: first how far its count is (so that the reads contain at least that), then its row, then everything else side by side,
// then older pages of messages.
//
// The row comes before the rest, because its `updated` decides after an outage whether the session is read again: it must not be newer than
// what was read with it.

import RelayProtocol
import Wire

struct OpenCode2SessionReading: UpstreamExchange {
    /// The raw value is for people.
    private enum Question: String {
        case count = "its count"
        case row = "its row"
        case active = "the list of sessions that run"
        case permissions = "its permissions"
        case forms = "its questions"
        case inbox = "its inbox"
        case page = "its messages"

        /// What its answer must be; the count is no JSON.
        var kind: JSONKind { self == .row || self == .active ? .object : .array }
    }
    /// Rows a page; upstream takes up to 200.
    static let pageSize = 100

    private let session: String
    private let until: String?
    private let limit: Int
    private var asked: [Question] = []
    private var read: SessionRead
    /// Newest first.
    private var rows: [JSONValue] = []
    private var cursor: String?
    private var isComplete = false
    /// A page points at itself: what stands before it is not known.
    private var leadsNowhere = false
    private var pageLimit: PageLimit

    init(session: String, directory: String?, until: String?, limit: Int) {
        self.session = session
        self.until = until
        self.limit = max(1, limit)
        pageLimit = PageLimit(min(self.limit, Self.pageSize))
        read = SessionRead(session: session)
        read.directory = directory
    }

    /// An older page alone.
    init(session: String, directory: String?, before cursor: String, limit: Int) {
        self.init(session: session, directory: directory, until: nil, limit: limit)
        self.cursor = cursor
    }

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<SessionRead> {
        guard !asked.isEmpty else { return ask(cursor == nil ? [.count] : [.page]) }
        if answers.contains(where: OpenCode2Answer.isSessionGone) {
            var gone = SessionRead(session: session)
            gone.isGone = true
            return .done(gone)
        }
        for (question, answer) in zip(asked, answers) {
            if let failure = take(question, answer) { return .failed(failure) }
        }
        if asked == [.count] { return ask([.row]) }
        if asked == [.row] { return ask([.active, .permissions, .forms, .inbox, .page]) }
        return isOlderWanted ? ask([.page]) : .done(finished())
    }

    private mutating func ask(_ questions: [Question]) -> ExchangeStep<SessionRead> {
        asked = questions
        return .send(questions.map { UpstreamRequest("GET", target($0)) })
    }

    private func target(_ question: Question) -> String {
        switch question {
        case .count: OpenCode2Target.log(session)
        case .row: OpenCode2Target.session(session)
        case .active: OpenCode2Target.active
        case .permissions: OpenCode2Target.session(session, "/permission")
        case .forms: OpenCode2Target.session(session, "/form")
        case .inbox: OpenCode2Target.session(session, "/inbox")
        case .page:
            OpenCode2Target.session(
                session, "/message?limit=\(pageLimit.rows)" + (cursor.map { "&cursor=\(PercentEncoding.encode($0))" } ?? ""))
        }
    }

    /// Why this read cannot go on, if it cannot.
    private mutating func take(_ question: Question, _ answer: UpstreamAnswer) -> UpstreamFailure? {
        if case .tooLarge = answer {
            takeNothing(question)
            return nil
        }
        if question == .count { return takeCount(answer) }
        // The directory is missing: its requests are too, the session is not.
        if OpenCode2Answer.tag(answer) == "LocationNotFoundError", question != .row, question != .page { return nil }
        switch OpenCode2Answer.page(answer, of: "a session", kind: question.kind) {
        case .failure(let failure): return failure
        case .success(let page):
            take(question, page.data, next: page.next)
            return nil
        }
    }

    /// `data: {"type":"log.synced",…,"seq":19}`. An experimental route: without it every jump is read again.
    private mutating func takeCount(_ answer: UpstreamAnswer) -> UpstreamFailure? {
        if case .late = answer { return .late }
        guard case .answered(let status, _, _, let body) = answer else { return .unreachable }
        if status == 401 { return .unauthorized }
        guard status == 200 else { return nil }
        for line in body.split(separator: 0x0A) where line.starts(with: "data:".utf8) {
            let frame = try? JSON.parse(Array(line.dropFirst(5)))
            if frame?["type"]?.says("log.synced") == true { read.sequence = frame?["seq"]?.int }
        }
        return nil
    }

    /// Of an answer that is too large. Without a count nothing is missing.
    private mutating func takeNothing(_ question: Question) {
        switch question {
        case .page: shrink()
        case .count: break
        default: read.tooLarge.append(question.rawValue)
        }
    }

    private mutating func shrink() {
        if !pageLimit.shrink() { (read.isBeyondBounds, cursor) = (true, nil) }
    }

    private mutating func take(_ question: Question, _ data: JSONValue, next: String?) {
        switch question {
        case .count: break
        case .row:
            read.row = OpenCode2Row(row: data, of: session).object
            read.directory = data["location"]?["directory"]?.string ?? read.directory
        case .active: read.status = data.member(named: session) == nil ? .idle : .busy
        case .permissions: read.permissions = cards(data, OpenCode2Words.permission)
        case .forms: read.questions = cards(data, OpenCode2Words.question)
        case .inbox:
            let inbox = inbox(data)
            read.queue = inbox.queue
            read.inbox = inbox.list(payloadBytes: .max)
        case .page:
            rows += data.items
            isComplete = next == nil || data.items.count < pageLimit.rows
            leadsNowhere = !isComplete && next == cursor
            cursor = leadsNowhere ? nil : next
        }
    }

    private func cards(_ list: JSONValue, _ map: (JSONValue) -> [UInt8]) -> [CardRead] {
        list.items.compactMap { request in request["id"]?.string.map { CardRead(id: $0, object: map(request)) } }
    }

    private func inbox(_ list: JSONValue) -> OpenCode2Inbox {
        var inbox = OpenCode2Inbox()
        for item in list.items {
            guard let id = item["id"]?.string, let type = item["type"]?.string else { continue }
            let created = item["time"]?["created"]?.int ?? 0
            inbox.add(OpenCode2Inbox.Item(id: id, type: type, created: created, delivery: item["delivery"].bytes, payload: item["payload"]))
        }
        return inbox
    }

    private var isOlderWanted: Bool {
        guard !isComplete, !leadsNowhere, !read.isBeyondBounds, rows.count < limit else { return false }
        guard let until else { return true }
        return !rows.contains { $0["id"]?.string == until }
    }

    private func finished() -> SessionRead {
        var read = read
        read.isComplete = isComplete
        read.older = isComplete ? nil : cursor
        read.messages = rows.reversed().compactMap { OpenCode2Words.message($0, directory: read.directory)?.read }
        if read.status == .busy, let retry = rows.first(where: { $0["type"]?.says("assistant") == true })?["retry"] {
            let message = retry["error"]?["message"]?.rawText.map { Array($0) }
            read.status = .retry(attempt: retry["attempt"]?.int, message: message, next: retry["at"]?.int)
        }
        return read
    }
}
