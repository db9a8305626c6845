// What the log tells a loop: commits, judgements, pages. One mailbox for all of it, so that the order in which the writer spoke is kept.

import Broker
import EventLog
import Reactor
import RelayProtocol

enum LogNotice: Sendable {
    case commit(CommitNotice)
    case judged(JudgeRequest, Result<Start, Problem>)
    case read(PageRequest, Result<Page, Problem>)
    case answered(token: UInt64, Result<ReadPage, Problem>)
    case replied(subscription: UInt64, line: [UInt8])
}

/// Where the writer posts. Full is an answer: the writer says `behind` later.
final class LoopSink: CommitSink {
    let mailbox: Mailbox<LogNotice>

    init(capacity: Int) { mailbox = Mailbox(capacity: capacity) }

    func post(_ notice: CommitNotice) -> Bool { mailbox.post(.commit(notice)) }
}
