// Who is told of commits. A sink that cannot take a notice now is told "behind" instead, as soon as it can; the writer waits for nobody.

import RelayProtocol

struct Watchers {
    private var sinks: [TopicName: [any CommitSink]] = [:]
    private var behind: [(sink: any CommitSink, topic: TopicName, head: Position)] = []

    /// Notices wait for room in a mailbox.
    var isOwing: Bool { !behind.isEmpty }

    mutating func watch(_ topic: TopicName, _ sink: any CommitSink, head: Position) {
        if !(sinks[topic] ?? []).contains(where: { $0 === sink }) { sinks[topic, default: []].append(sink) }
        tell(sink, .watching(topic, head: head), topic, head)
    }

    mutating func unwatch(_ topic: TopicName, _ sink: any CommitSink) {
        sinks[topic]?.removeAll { $0 === sink }
        if sinks[topic]?.isEmpty == true { sinks[topic] = nil }
        behind.removeAll { $0.sink === sink && $0.topic == topic }
    }

    mutating func tell(_ lines: CommittedLines) {
        for sink in sinks[lines.topic] ?? [] { tell(sink, .committed(lines), lines.topic, lines.last) }
    }

    mutating func removed(_ topic: TopicName) {
        for sink in sinks[topic] ?? [] { tell(sink, .removed(topic), topic, .origin) }
    }

    private mutating func tell(_ sink: any CommitSink, _ notice: CommitNotice, _ topic: TopicName, _ head: Position) {
        if let place = behind.firstIndex(where: { $0.sink === sink && $0.topic == topic }) {
            behind[place].head = head
            return
        }
        if !sink.post(notice) { behind.append((sink, topic, head)) }
    }

    /// Tries again what could not be told.
    mutating func settle() {
        behind.removeAll { $0.sink.post(.behind($0.topic, head: $0.head)) }
    }
}
