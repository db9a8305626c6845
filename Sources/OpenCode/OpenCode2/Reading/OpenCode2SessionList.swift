// All sessions, page by page, newest activity first, and which of them run now.

import RelayProtocol
import Wire

struct OpenCode2SessionList: UpstreamExchange {
    static let pageSize = 100

    private let pages: Int
    private var asked = 0
    private var ids: Set<String> = []
    private var read = SessionListRead(sessions: [], active: [])

    init(pages: Int) { self.pages = max(1, pages) }

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<SessionListRead> {
        guard let page = answers.first else { return ask(cursor: nil) }
        if let answer = answers.dropFirst().first {
            switch OpenCode2Answer.data(answer, of: "the sessions that run") {
            case .failure(let failure): return .failed(failure)
            case .success(let map): read.active = Set(map.members.map(\.key))
            }
        }
        switch OpenCode2Answer.body(page, of: "the list of sessions") {
        case .failure(let failure): return .failed(failure)
        case .success(let body):
            let rows = (body["data"] ?? body).items
            for row in rows { take(row) }
            guard asked < pages, rows.count >= Self.pageSize, let cursor = body["cursor"]?["next"]?.string else { return .done(read) }
            return ask(cursor: cursor)
        }
    }

    private mutating func ask(cursor: String?) -> ExchangeStep<SessionListRead> {
        asked += 1
        let target = "/api/session?limit=\(Self.pageSize)" + (cursor.map { "&cursor=\(PercentEncoding.encode($0))" } ?? "")
        return .send([UpstreamRequest("GET", target)] + (asked == 1 ? [UpstreamRequest("GET", OpenCode2Target.active)] : []))
    }

    private mutating func take(_ row: JSONValue) {
        guard let id = row["id"]?.string, ids.insert(id).inserted else { return }
        var session = SessionRead(session: id)
        session.row = OpenCode2Row(row: row, of: id).object
        session.directory = row["location"]?["directory"]?.string
        session.parent = row["parentID"]?.string
        session.status = read.active.contains(id) ? .busy : .idle
        read.sessions.append(session)
    }
}
