// A subscription as an asynchronous sequence. What waits for the consumer is bounded: beyond the bound the connection is not read, and the
// server keeps the rest (a slow reader is served from the log).

/// The lines of one topic, across any number of connections. Iterate it once; leaving the loop ends it.
public struct Subscription: AsyncSequence, Sendable {
    public typealias Element = SubscriptionItem

    let client: RepriseClient
    let path: String
    let after: String?

    public func makeAsyncIterator() -> Iterator {
        let queue = ItemQueue(limit: client.options.bufferedItems)
        let mailbox = client.mailbox
        let token = SubscriptionToken { _ = mailbox.post(always: .unsubscribe($0)) }
        // By its number: the loop holds the queue, and would hold the token, which could never end the subscription.
        queue.onDrained = { [number = token.number] in _ = mailbox.post(always: .drained(number)) }
        let pending = PendingRequest { queue.finish(.closed) }
        _ = mailbox.post(always: .subscribe(token.number, path: path, after: after, queue, pending))
        return Iterator(client: client, queue: queue, token: token)
    }

    public struct Iterator: AsyncIteratorProtocol {
        /// Kept: a client that nobody holds ends its loop.
        let client: RepriseClient
        let queue: ItemQueue
        let token: SubscriptionToken

        public mutating func next() async throws -> SubscriptionItem? { try await queue.next() }
    }
}
