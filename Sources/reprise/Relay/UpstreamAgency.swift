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
    private let door = Mutex(Door())

    private struct Door {
        var opener: SessionOpener?
        /// Asked for before there was an opener; nil from then on.
        var early: [(session: String, done: @Sendable (Bool) -> Void)]? = []
    }

    func set(adapter: (any UpstreamAdapter)?) { self.adapter.withLock { $0 = adapter } }

    func set(opener: SessionOpener?) {
        let early = door.withLock { door in
            defer { door = Door(opener: opener, early: nil) }
            return door.early ?? []
        }
        for (session, done) in early { if let opener { opener.open(session, done) } else { done(false) } }
    }

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

    /// Has a session imported, if that was not done. `done` gets whether it is: at a start, once it is known what the log has.
    @Sendable func open(_ session: String, _ done: @escaping @Sendable (Bool) -> Void) {
        let (opener, isEarly) = door.withLock { door in
            if door.opener == nil { door.early?.append((session, done)) }
            return (door.opener, door.early != nil)
        }
        if let opener { opener.open(session, done) } else if !isEarly { done(false) }
    }
}
