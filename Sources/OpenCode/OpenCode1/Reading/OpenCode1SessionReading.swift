// One session: its row, its list of tasks and its messages, page by page from the newest; and what is kept per directory: status,
// permissions, questions. Where the directory is not known it is taken from the row first.
//
// A directory whose configuration is broken answers 400 to everything, to its sessions' own routes too: such a session is read as far as it
// can be, which may be not at all. That must not look like a server that is away.

import RelayProtocol
import Wire

struct OpenCode1SessionReading: UpstreamExchange {
    /// The raw value is for people.
    private enum Question: String {
        case row = "its row"
        case tasks = "its tasks"
        case page = "its messages"
        case status = "the status of its directory's sessions"
        case permissions = "the permissions asked in its directory"
        case questions = "the questions asked in its directory"

        /// What its answer must be.
        var kind: JSONKind { self == .row || self == .status ? .object : .array }
    }
    static let pageSize = 25

    private let session: String
    private let until: String?
    private let limit: Int
    /// What was asked last, in the order of the answers.
    private var asked: [Question] = []
    private var directory: String?
    private var read: SessionRead
    /// Newest first.
    private var messages: [JSONValue] = []
    private var cursor: String?
    private var isPageMissing = false
    private var pageLimit: PageLimit
    /// The last page is asked for once more, smaller.
    private var isPageOwed = false
    /// Newer messages stand behind what is read.
    private let isOlder: Bool

    init(session: String, directory: String?, until: String?, limit: Int) {
        self.session = session
        self.directory = directory
        self.until = until
        self.limit = max(1, limit)
        pageLimit = PageLimit(min(self.limit, Self.pageSize))
        isOlder = false
        read = SessionRead(session: session)
    }

    /// An older page alone.
    init(session: String, directory: String?, before cursor: String, limit: Int) {
        self.session = session
        self.directory = directory
        self.cursor = cursor
        until = nil
        self.limit = max(1, limit)
        pageLimit = PageLimit(min(self.limit, Self.pageSize))
        isOlder = true
        read = SessionRead(session: session)
    }

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<SessionRead> {
        guard !asked.isEmpty else { return ask(first) }
        if answers.contains(where: OpenCode1Answer.isSessionGone) {
            var gone = SessionRead(session: session)
            gone.isGone = true
            return .done(gone)
        }
        let hadDirectory = directory
        for (question, answer) in zip(asked, answers) {
            if let failure = take(question, answer) { return .failed(failure) }
        }
        var open: [Question] = directory != hadDirectory ? [.status, .permissions, .questions] : []
        if isOlderWanted { open.append(.page) }
        return open.isEmpty ? .done(finished()) : ask(open)
    }

    private var first: [Question] {
        if isOlder { return [.page] }
        return [.row, .tasks, .page] + (directory == nil ? [] : [.status, .permissions, .questions])
    }

    private mutating func ask(_ questions: [Question]) -> ExchangeStep<SessionRead> {
        asked = questions
        return .send(questions.map { UpstreamRequest("GET", target($0)) })
    }

    private func target(_ question: Question) -> String {
        switch question {
        case .row: OpenCode1Target.session(session)
        case .tasks: OpenCode1Target.session(session, "/todo")
        case .page:
            OpenCode1Target.session(
                session, "/message?limit=\(pageLimit.rows)" + (cursor.map { "&before=\(PercentEncoding.encode($0))" } ?? ""))
        case .status: OpenCode1Target.instance("/session/status", directory: directory ?? "")
        case .permissions: OpenCode1Target.instance("/permission", directory: directory ?? "")
        case .questions: OpenCode1Target.instance("/question", directory: directory ?? "")
        }
    }

    private mutating func take(_ question: Question, _ answer: UpstreamAnswer) -> UpstreamFailure? {
        if case .tooLarge = answer {
            if question == .page { shrink() } else { read.tooLarge.append(question.rawValue) }
            return nil
        }
        switch OpenCode1Answer.body(answer, of: "a session", kind: question.kind) {
        case .failure(.unexpected(400..<500, _)):
            if question == .page { (isPageMissing, cursor) = (true, nil) }
            return nil
        case .failure(let failure): return failure
        case .success(let body):
            take(question, body, nextCursor: question == .page ? OpenCode1Answer.header("x-next-cursor", answer) : nil)
            return nil
        }
    }

    private mutating func shrink() {
        isPageOwed = pageLimit.shrink()
        if !isPageOwed { (read.isBeyondBounds, isPageMissing, cursor) = (true, true, nil) }
    }

    private mutating func take(_ question: Question, _ body: JSONValue, nextCursor: String?) {
        switch question {
        case .row:
            read.row = OpenCode1Words.row(body, of: session)
            if let directory = body["directory"]?.string { self.directory = directory }
        case .tasks: read.tasks = OpenCode1Words.tasks(body)
        case .page:
            messages += body.items.reversed()
            isPageOwed = false
            goOn(at: nextCursor, isEmpty: body.items.isEmpty)
        case .status: read.status = body.member(named: session).flatMap { OpenCode1Words.status($0) } ?? .idle
        case .permissions: read.permissions = cards(body, OpenCode1Words.permission)
        case .questions: read.questions = cards(body, OpenCode1Words.question)
        }
    }

    /// A page without messages, or one that points at itself, would be asked for without end. What stands before it is not known.
    private mutating func goOn(at next: String?, isEmpty: Bool) {
        let leadsNowhere = next != nil && (isEmpty || next == cursor)
        if leadsNowhere { isPageMissing = true }
        cursor = leadsNowhere ? nil : next
    }

    /// Those of this session: the list is the directory's.
    private func cards(_ list: JSONValue, _ map: (JSONValue) -> [UInt8]) -> [CardRead] {
        list.items.filter { $0["sessionID"]?.string == session }.compactMap { request in
            request["id"]?.string.map { CardRead(id: $0, object: map(request)) }
        }
    }

    private var isOlderWanted: Bool {
        guard cursor != nil || isPageOwed, messages.count < limit else { return false }
        guard let until else { return true }
        return !messages.contains { $0["info"]?["id"]?.string == until }
    }

    private func finished() -> SessionRead {
        var read = read
        read.directory = directory
        read.isComplete = cursor == nil && !isPageMissing
        read.older = cursor
        read.messages = OpenCode1Words.messages(messages.reversed(), directory: directory, isOlder: isOlder)
        return read
    }
}
