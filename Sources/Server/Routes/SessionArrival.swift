// A session that OpenCode has made, until the log knows it too: the commit that brings its row tells. Safe to use from any thread.

import EventLog
import RelayProtocol
import Sessions
import Synchronization

final class SessionArrival: CommitSink {
    private let log: EventLog
    private typealias Done = @Sendable (_ id: String, _ row: [UInt8]) -> Void

    // reads: lock; writes: lock
    private let waiting: Mutex<(done: Done?, topic: TopicName?)>

    /// `done` gets the session's row, once, on another thread.
    init(in log: EventLog, _ done: @escaping @Sendable (_ id: String, _ row: [UInt8]) -> Void) {
        self.log = log
        waiting = Mutex((done, nil))
    }

    /// What is there already is told by the watch's first notice.
    func wait(for topic: TopicName) {
        let isWanted = waiting.withLock { waiting in
            waiting.topic = topic
            return waiting.done != nil
        }
        if isWanted { log.watch(topic, self) }
    }

    /// Nothing is told from now on.
    func stop() {
        guard take() != nil, let topic = waiting.withLock({ $0.topic }) else { return }
        log.unwatch(topic, self)
    }

    func post(_ notice: CommitNotice) -> Bool {
        let topic = notice.topic
        guard waiting.withLock({ $0.done != nil }) else {
            log.unwatch(topic, self)
            return true
        }
        log.read { reader in
            try reader.transaction { try SessionReads.row(topic.text, in: $0) }
        } _: { [self] result in
            guard let row = (try? result.get()) ?? nil, let done = take() else { return }
            log.unwatch(topic, self)
            done(topic.text, row)
        }
        return true
    }

    private func take() -> Done? {
        waiting.withLock { waiting in
            defer { waiting.done = nil }
            return waiting.done
        }
    }
}

extension CommitNotice {
    fileprivate var topic: TopicName {
        switch self {
        case .watching(let topic, _), .behind(let topic, _), .removed(let topic): topic
        case .committed(let lines): lines.topic
        }
    }
}
