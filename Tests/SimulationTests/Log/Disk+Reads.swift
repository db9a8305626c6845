// What readers ask in one transaction.

import RelayProtocol

@testable import EventLog

extension Disk {
    func state(_ name: TopicName) -> TopicState? { topics[name].map { TopicState($0.stored) } }
    func name(_ state: TopicState) -> TopicName? { topics.first { $0.value.stored.number == state.number }?.key }
    func head(_ name: TopicName) -> Position { topics[name]?.stored.head ?? .origin }

    /// The position before the first event that is kept.
    func start(_ name: TopicName) -> Position {
        topics[name].map { $0.position(of: $0.stored.removedThrough) } ?? .origin
    }

    func page(_ name: TopicName, after offset: UInt64, maxBytes: Int, maxEvents: Int) -> LinePage {
        var builder = PageBuilder(after: offset, maxBytes: maxBytes, maxEvents: maxEvents)
        guard let topic = topics[name] else { return LinePage(builder, last: .origin) }
        for row in topic.rows where row.last > offset {
            if !builder.take(row.bytes.span) { break }
        }
        let last = builder.offsets.last.map { topic.position(of: $0) } ?? topic.stored.head
        return LinePage(builder, last: last)
    }

    func resume(_ name: TopicName, after point: ResumePoint) -> Resume {
        switch point {
        case .none: .exact(after: head(name))
        case .earliest: .exact(after: start(name))
        case .text(let text):
            Position(text).map { judge($0, name) } ?? .invalid(reason: .malformed, before: start(name))
        }
    }

    private func judge(_ position: Position, _ name: TopicName) -> Resume {
        let removedThrough = topics[name]?.stored.removedThrough ?? 0
        if position == .origin { return removedThrough == 0 ? .exact(after: .origin) : .removed(before: start(name)) }
        guard let range = topics[name]?.offsets(of: position.epoch) else { return .invalid(reason: .epoch, before: start(name)) }
        guard range.contains(position.offset) else { return .invalid(reason: .pastEnd, before: start(name)) }
        return position.offset < removedThrough ? .removed(before: start(name)) : .exact(after: position)
    }
}

extension Disk.Topic {
    func position(of offset: UInt64) -> Position {
        guard let entry = epochs.last(where: { $0.first <= offset }), offset > 0 else { return .origin }
        return Position(epoch: entry.epoch, offset: offset)
    }

    func offsets(of epoch: Epoch) -> ClosedRange<UInt64>? {
        guard let place = epochs.firstIndex(where: { $0.epoch == epoch }) else { return nil }
        let last = place + 1 < epochs.count ? epochs[place + 1].first - 1 : stored.head.offset
        return epochs[place].first <= last ? epochs[place].first...last : nil
    }
}
