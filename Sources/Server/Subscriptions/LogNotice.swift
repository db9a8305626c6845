// What the log tells a loop: commits, judgements, pages. One mailbox for all of it, so that the order in which the writer spoke is kept.

import Broker
import EventLog
import Reactor
import RelayProtocol
import Synchronization

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
    private let lineBytes: Int
    // reads and writes: writer and loop; relaxed, a bound need not be exact
    private let waiting = Atomic<Int>(0)

    /// - Parameter lineBytes: of lines that wait; more would leave the rings before they are sent.
    init(capacity: Int, lineBytes: Int = Limits.largestRingBytes) {
        mailbox = Mailbox(capacity: capacity)
        self.lineBytes = lineBytes
    }

    func post(_ notice: CommitNotice) -> Bool {
        guard case .committed(let lines) = notice else { return mailbox.post(.commit(notice)) }
        guard waiting.load(ordering: .relaxed) < lineBytes, mailbox.post(.commit(notice)) else { return false }
        waiting.wrappingAdd(lines.bytes.count, ordering: .relaxed)
        return true
    }

    /// The loop has taken these lines out of its mailbox.
    func took(_ lines: CommittedLines) { waiting.wrappingSubtract(lines.bytes.count, ordering: .relaxed) }
}
