// What reaches a server loop from other threads.

import EventLog
import Reactor
import RelayProtocol

enum LoopMessage: Sendable {
    case accepted(AcceptedSocket)
    case answer(connection: UInt64, request: UInt64, HTTPAnswer)
    case drain(done: @Sendable () -> Void)
}

/// A loop's mailbox as others hold it.
struct LoopMailbox: Sendable {
    let mailbox: Mailbox<LoopMessage>

    func post(_ message: LoopMessage) { _ = mailbox.post(always: message) }
}
