// Sixteen appends at a time to eight topics, until it is killed. A report is written when the log has told of the append.

import EventLog
import Foundation
import LogFixtures
import Reactor
import RelayProtocol
import Synchronization

final class AppendingWriter: Sendable {
    private let log: EventLog
    private let topics: [TopicName]
    private let started = Atomic<Int>(0)

    init(folder: String) throws {
        log = try EventLog.open(folder: folder, projection: { SpyProjection() }, logger: .silent)
        topics = (0..<8).compactMap { TopicName($0 == 0 ? "ses_1" : "news-\($0)") }
    }

    func run() {
        for _ in 0..<16 { appendNext() }
        while true { pause() }
    }

    private func appendNext() {
        let number = started.wrappingAdd(1, ordering: .relaxed).newValue
        let topic = topics[number % topics.count]
        let events = (0...number % 3).map {
            Event(topic.kind == .plain ? .plain : .notice, payload: Array(#"{"n":\#(number),"i":\#($0)}"#.utf8))
        }
        log.append([Append(topic: topic, events: events)]) { [self] result in
            guard let appended = try? result.get()[0] else { return }
            say("reported \(topic) \(appended.first) \(appended.count) \(number)")
            appendNext()
        }
    }
}
