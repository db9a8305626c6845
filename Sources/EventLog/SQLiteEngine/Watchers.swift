// Who is told of commits. A sink that cannot take a notice now is owed one that says the same in short, and gets it as soon as it can; until
// then nothing else of that topic is told to it, so that no notice follows a hole. The writer waits for nobody.

import RelayProtocol

struct Watchers {
    private struct Owing: Hashable {
        let sink: ObjectIdentifier
        let topic: TopicName
    }

    private struct Debt {
        /// The oldest is paid first.
        let number: Int
        let sink: any CommitSink
        var notices: [CommitNotice]
    }

    private var sinks: [TopicName: [any CommitSink]] = [:]
    private var debts: [Owing: Debt] = [:]
    private var lastNumber = 0

    /// Notices wait for room in a mailbox.
    var isOwing: Bool { !debts.isEmpty }

    mutating func watch(_ topic: TopicName, _ sink: any CommitSink, head: Position) {
        if !(sinks[topic] ?? []).contains(where: { $0 === sink }) { sinks[topic, default: []].append(sink) }
        tell(sink, topic, .watching(topic, head: head))
    }

    mutating func unwatch(_ topic: TopicName, _ sink: any CommitSink) {
        sinks[topic]?.removeAll { $0 === sink }
        if sinks[topic]?.isEmpty == true { sinks[topic] = nil }
        debts[Owing(sink: ObjectIdentifier(sink), topic: topic)] = nil
    }

    func isWatched(_ topic: TopicName) -> Bool { sinks[topic] != nil }

    /// Its sinks go on watching the name.
    mutating func removed(_ topic: TopicName) {
        for sink in sinks[topic] ?? [] { tell(sink, topic, .removed(topic)) }
    }

    mutating func committed(_ lines: CommittedLines) {
        for sink in sinks[lines.topic] ?? [] { tell(sink, lines.topic, .committed(lines)) }
    }

    /// Tries again what could not be told.
    mutating func settle() {
        for (key, debt) in debts.sorted(by: { $0.value.number < $1.value.number }) {
            var left = debt.notices[...]
            while let notice = left.first, debt.sink.post(notice) { left.removeFirst() }
            debts[key]?.notices = Array(left)
            if left.isEmpty { debts[key] = nil }
        }
    }

    private mutating func tell(_ sink: any CommitSink, _ topic: TopicName, _ notice: CommitNotice) {
        let key = Owing(sink: ObjectIdentifier(sink), topic: topic)
        if let owed = debts[key]?.notices {
            debts[key]?.notices = Self.merge(notice, into: owed)
        } else if !sink.post(notice) {
            lastNumber += 1
            debts[key] = Debt(number: lastNumber, sink: sink, notices: Self.merge(notice, into: []))
        }
    }

    /// At most one notice that names a head stands last; a removal stands before what came after it.
    private static func merge(_ notice: CommitNotice, into owed: [CommitNotice]) -> [CommitNotice] {
        switch (notice, owed.last) {
        case (.committed(let lines), .watching?): owed.dropLast() + [.watching(lines.topic, head: lines.last)]
        case (.committed(let lines), .behind?): owed.dropLast() + [.behind(lines.topic, head: lines.last)]
        case (.committed(let lines), _): owed + [.behind(lines.topic, head: lines.last)]
        case (.watching, .watching?), (.watching, .behind?): owed.dropLast() + [notice]
        case (.removed, .behind?): owed.dropLast() + [notice]
        case (.removed, .removed?): owed
        default: owed + [notice]
        }
    }
}
