// All sessions, page by page, newest activity first, and which of them run now.

import RelayProtocol
import Wire

struct OpenCode2SessionList: UpstreamExchange {
    static let pageSize = 100

    private var rowsLeft: Int
    private var pageLimit = PageLimit(Self.pageSize)
    private var cursor: String?
    private var ids: Set<String> = []
    private var read = SessionListRead(sessions: [], active: [])

    init(pages: Int) { rowsLeft = max(1, pages) * Self.pageSize }

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<SessionListRead> {
        guard let page = answers.first else { return .send([pageRequest, UpstreamRequest("GET", OpenCode2Target.active)]) }
        if let answer = answers.dropFirst().first, let failure = takeActive(answer) { return .failed(failure) }
        if case .tooLarge = page { return shrink() }
        switch OpenCode2Answer.page(page, of: "the list of sessions", kind: .array) {
        case .failure(let failure): return .failed(failure)
        case .success(let page): return take(page.data.items, next: page.next)
        }
    }

    private var pageRequest: UpstreamRequest {
        UpstreamRequest("GET", "/api/session?limit=\(pageLimit.rows)" + (cursor.map { "&cursor=\(PercentEncoding.encode($0))" } ?? ""))
    }

    private mutating func takeActive(_ answer: UpstreamAnswer) -> UpstreamFailure? {
        if case .tooLarge = answer {
            read.tooLarge.append("the list of sessions that run")
            return nil
        }
        switch OpenCode2Answer.data(answer, of: "the sessions that run", kind: .object) {
        case .failure(let failure): return failure
        case .success(let map): read.active = Set(map.members.map(\.key))
        }
        return nil
    }

    private mutating func take(_ rows: [JSONValue], next: String?) -> ExchangeStep<SessionListRead> {
        for row in rows { take(row: row) }
        rowsLeft -= rows.count
        let isFull = rows.count >= pageLimit.rows
        pageLimit.grow()
        cursor = next
        return rowsLeft > 0 && isFull && cursor != nil ? .send([pageRequest]) : .done(read)
    }

    private mutating func shrink() -> ExchangeStep<SessionListRead> {
        if pageLimit.shrink() { return .send([pageRequest]) }
        read.tooLarge.append("the rest of the list of sessions")
        return .done(read)
    }

    private mutating func take(row: JSONValue) {
        guard let id = row["id"]?.string, ids.insert(id).inserted else { return }
        var session = SessionRead(session: id)
        session.row = OpenCode2Row(row: row, of: id).object
        session.directory = row["location"]?["directory"]?.string
        session.status = read.active.contains(id) ? .busy : .idle
        read.sessions.append(session)
    }
}
