import EventLog
import Reactor
import RelayProtocol
import Synchronization

/// Takes notices while it has room.
final class SpySink: CommitSink {
    private struct State {
        var notices: [CommitNotice] = []
        var room = Int.max
    }

    private let state = Mutex(State())
    private let arrivals = BlockingQueue<Bool>()

    func post(_ notice: CommitNotice) -> Bool {
        let isTaken = state.withLock { state in
            guard state.room > 0 else { return false }
            state.room -= 1
            state.notices.append(notice)
            return true
        }
        if isTaken { arrivals.post(always: true) }
        return isTaken
    }

    func setRoom(_ room: Int) { state.withLock { $0.room = room } }

    /// What was told until now, in short.
    var told: [String] { state.withLock { $0.notices.map(Self.short) } }

    var lines: [CommittedLines] {
        state.withLock { $0.notices.compactMap { if case .committed(let lines) = $0 { lines } else { nil } } }
    }

    /// Waits until so many notices were told in all.
    func wait(for count: Int) throws -> [String] {
        var seen = 0
        while seen < count {
            guard let more = arrivals.takeAll(within: .seconds(30)), !more.isEmpty else { throw Answer<Int>.NeverCame() }
            seen += more.count
        }
        return told
    }

    private static func short(_ notice: CommitNotice) -> String {
        switch notice {
        case .watching(let topic, let head): "watching \(topic) \(head.offset)"
        case .committed(let lines): "committed \(lines.topic) \(lines.previous.offset)...\(lines.last.offset)"
        case .behind(let topic, let head): "behind \(topic) \(head.offset)"
        case .removed(let topic): "removed \(topic)"
        }
    }
}
