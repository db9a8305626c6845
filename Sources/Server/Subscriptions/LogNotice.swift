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

    /// - Parameter lineBytes: of lines that wait; more would leave the rings before they are sent.
    init(capacity: Int, lineBytes: Int = Limits.largestRingBytes) {
        mailbox = Mailbox(capacity: capacity, weightLimit: lineBytes)
    }

    func post(_ notice: CommitNotice) -> Bool {
        switch notice {
        case .committed(let lines): mailbox.post(.commit(notice), weight: lines.bytes.count)
        // Refused with the lines that it stands for, until the loop has taken some: one for many commits, and not one for each.
        case .behind: mailbox.post(.commit(notice), weight: 1)
        default: mailbox.post(.commit(notice))
        }
    }
}
