// A mailbox's place on its loop.

final class MailboxSource<Message: Sendable>: EventSource {
    // A burst should not keep its memory for ever.
    private static var keptCapacity: Int { 1 << 12 }

    private let mailbox: Mailbox<Message>
    private let handler: ([Message]) -> Void
    private var spare: [Message] = []

    init(_ mailbox: Mailbox<Message>, _ handler: @escaping ([Message]) -> Void) {
        self.mailbox = mailbox
        self.handler = handler
    }

    func ready(_ readiness: Readiness) {
        let empty = spare
        spare = []
        var messages = mailbox.takeAll(empty)
        if !messages.isEmpty { handler(messages) }
        if messages.capacity <= Self.keptCapacity {
            messages.removeAll(keepingCapacity: true)
            spare = messages
        }
    }

    func loopEnded() { mailbox.close() }
}

extension EventLoop {
    /// Hands over what is posted, all that waits at once, in order. A mailbox belongs to one loop, for the loop's life; when
    /// the loop ends, it refuses.
    public func attach<Message>(_ mailbox: Mailbox<Message>, _ handler: @escaping ([Message]) -> Void) {
        let source = MailboxSource(mailbox, handler)
        mustSucceed { () throws(SystemError) in _ = try register(source, mailbox.event.descriptor) }
    }
}
