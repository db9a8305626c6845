// What the log tells a server loop: one mailbox for all of it, so that the order in which the writer spoke is kept.

import EventLog
import RelayProtocol

@testable import Broker

enum LoopNotice: Sendable {
    case commit(CommitNotice)
    case judged(JudgeRequest, Result<Start, Problem>)
    case read(PageRequest, Page)
}

extension LoopNotice {
    var told: String {
        switch self {
        case .commit(.committed(let lines)): "committed \(lines.topic) \(lines.previous) \(lines.last)"
        case .commit(let notice): "\(notice)"
        case .judged(let request, let answer):
            "judged \(request.topic) \(request.point) \(request.isInBand) \(answer.map { "\($0.begin) \($0.lineage ?? 0)" })"
        case .read(let request, let page): "read \(request.topic) after \(request.after) through \(page.through)"
        }
    }
}

/// Where the writer posts. Full is an answer: the writer says `behind` later.
final class SimulatedLoopSink: CommitSink {
    let notices = SimulatedMailbox<LoopNotice>()
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    func post(_ notice: CommitNotice) -> Bool { notices.post(.commit(notice), limit: capacity) }
}
