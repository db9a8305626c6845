// What other threads may know of the upstream loop: whether an OpenCode is there and which ids it would give a command, and how to have a
// session opened.

import Ingest
import OpenCode
import Reactor
import Synchronization

final class UpstreamAgency: Sendable {
    // reads: lock; writes: lock and upstream loop
    private let adapter = Mutex<(any UpstreamAdapter)?>(nil)
    private let stopping = Mailbox<@Sendable () -> Void>(capacity: 16)
    /// How other threads have a session opened.
    let opener = SessionOpener()

    func set(adapter: (any UpstreamAdapter)?) { self.adapter.withLock { $0 = adapter } }

    /// Nil while no OpenCode is connected.
    @Sendable func identifiers(_ command: UpstreamCommand, _ now: Int64) -> UpstreamIdentifiers? {
        adapter.withLock { adapter in
            var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
            return adapter.map {
                UpstreamIdentifiers(generation: $0.generation, all: $0.identifiers(for: command, now: now, random: &random))
            }
        }
    }

    /// What ends the upstream loop's work, called on that loop.
    func onStop(_ loop: EventLoop, _ body: @escaping (_ done: @escaping () -> Void) -> Void) {
        loop.attach(stopping) { messages in body { for done in messages { done() } } }
    }

    /// Stops following and ends a child; returns when that is done.
    func stop() {
        let stopped = BlockingQueue<Void>()
        stopping.post(always: { stopped.post(always: ()) })
        _ = stopped.take()
    }
}
