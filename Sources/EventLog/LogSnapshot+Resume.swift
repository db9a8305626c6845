// Whether a position can be served. It is valid if its epoch is one of the topic's and its offset one that was given under it; so a topic
// that was made again, a restored backup and a repaired log are noticed by nothing but what the database says.

import RelayProtocol

extension LogSnapshot {
    /// Judges where a reader wants to go on. A topic that does not exist stands at the origin.
    public func resume(_ name: TopicName, after point: ResumePoint) throws -> Resume {
        let topic = try topic(name)
        let start = try topic.map { try self.start($0) } ?? .origin
        switch point {
        case .none: return .exact(after: topic?.head ?? .origin)
        case .earliest: return .exact(after: start)
        case .text(let text):
            guard let position = Position(text) else { return .invalid(reason: .malformed, before: start) }
            return try judge(position, topic, start)
        }
    }

    private func judge(_ position: Position, _ topic: TopicState?, _ start: Position) throws -> Resume {
        let removedThrough = topic?.removedThrough ?? 0
        if position == .origin { return removedThrough == 0 ? .exact(after: .origin) : .removed(before: start) }
        guard let topic, let range = try TopicTable(database: database).offsets(of: position.epoch, in: topic) else {
            return .invalid(reason: .epoch, before: start)
        }
        // Below its epoch's first it was never given to anybody, as above its last.
        guard range.contains(position.offset) else { return .invalid(reason: .pastEnd, before: start) }
        return position.offset < removedThrough ? .removed(before: start) : .exact(after: position)
    }
}
