// All sessions of all directories: `GET /experimental/session`, newest activity first, then the status of each directory that they live in
// (status is kept per directory; asking for it does not wake a directory's plugins). The cursor is a time, and what was updated in the same
// millisecond as the page's last would be skipped: the next page begins one later and what came twice is dropped.

import RelayProtocol
import Wire

struct OpenCode1SessionList: UpstreamExchange {
    static let pageSize = 100
    /// So many directories, those of the newest sessions.
    static let directoryLimit = 64

    private var rowsLeft: Int
    private var pageLimit = PageLimit(Self.pageSize)
    private var cursor: Int?
    private var tooLarge: [String] = []
    private var isAskingStatus = false
    private var found: [SessionRead] = []
    private var ids: Set<String> = []
    private var directories: [String] = []

    init(pages: Int) { rowsLeft = max(1, pages) * Self.pageSize }

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<SessionListRead> {
        if isAskingStatus { return finish(answers) }
        guard let answer = answers.first else { return page() }
        if case .tooLarge = answer { return shrink() }
        switch OpenCode1Answer.body(answer, of: "the list of sessions", kind: .array) {
        case .failure(let failure): return .failed(failure)
        case .success(let list): return take(list)
        }
    }

    private func page() -> ExchangeStep<SessionListRead> {
        let rest = cursor.map { "&cursor=\($0)" } ?? ""
        return .send([UpstreamRequest("GET", "/experimental/session?archived=true&limit=\(pageLimit.rows)\(rest)")])
    }

    /// A page of one behind another one would hold nothing but that one's last.
    private mutating func shrink() -> ExchangeStep<SessionListRead> {
        if pageLimit.shrink(to: cursor == nil ? 1 : 2) { return page() }
        tooLarge.append("the rest of the list of sessions")
        return askStatus()
    }

    private mutating func take(_ list: JSONValue) -> ExchangeStep<SessionListRead> {
        var isNews = false
        var oldest: Int?
        for info in list.items {
            oldest = info["time"]?["updated"]?.int ?? oldest
            guard let id = info["id"]?.string, ids.insert(id).inserted else { continue }
            isNews = true
            add(id, info)
        }
        rowsLeft -= list.items.count
        let isFull = list.items.count >= pageLimit.rows
        pageLimit.grow()
        guard isNews, rowsLeft > 0, isFull, let oldest, oldest < .max else { return askStatus() }
        cursor = oldest + 1
        return page()
    }

    private mutating func askStatus() -> ExchangeStep<SessionListRead> {
        isAskingStatus = true
        guard !directories.isEmpty else { return finish([]) }
        return .send(directories.map { UpstreamRequest("GET", OpenCode1Target.instance("/session/status", directory: $0)) })
    }

    private mutating func add(_ id: String, _ info: JSONValue) {
        var read = SessionRead(session: id)
        read.directory = info["directory"]?.string
        read.row = OpenCode1Words.row(info, of: id)
        found.append(read)
        guard let directory = read.directory, directories.count < Self.directoryLimit, !directories.contains(directory) else { return }
        directories.append(directory)
    }

    private mutating func finish(_ answers: [UpstreamAnswer]) -> ExchangeStep<SessionListRead> {
        var statuses: [String: SessionStatus] = [:]
        var asked: Set<String> = []
        for (directory, answer) in zip(directories, answers) {
            switch OpenCode1Answer.body(answer, of: "the status of sessions", kind: .object) {
            case .failure(.unexpected), .failure(.late): continue  // a directory that is gone, or does not answer
            case .failure(let failure): return .failed(failure)
            case .success(let map):
                asked.insert(directory)
                for (id, status) in map.members { statuses[id] = OpenCode1Words.status(status) }
            }
        }
        for index in found.indices {
            guard let directory = found[index].directory, asked.contains(directory) else { continue }
            found[index].status = statuses[found[index].session] ?? .idle
        }
        var read = SessionListRead(sessions: found, active: Set(statuses.filter { $0.value != .idle }.keys))
        read.tooLarge = tooLarge
        return .done(read)
    }
}
