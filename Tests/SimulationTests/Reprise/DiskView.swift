// The disk as the product's judge of subscribes looks at it.

import EventLog
import RelayProtocol

@testable import Server

struct DiskView: StartSource {
    let disk: Disk
    let fault: LogReaderModel.Fault?

    func topic(_ name: TopicName) -> TopicState? { fault == .sessionNotFound && name.kind == .session ? nil : disk.state(name) }
    func start(_ topic: TopicState) -> Position { disk.name(topic).map { disk.start($0) } ?? .origin }
    func first(_ topic: TopicState) -> Position {
        guard let kept = disk.name(topic).map({ disk.page($0, after: 0, maxBytes: 1, maxEvents: 1) }), kept.count > 0 else {
            return .origin
        }
        return kept.last
    }
    func resume(_ name: TopicName, after point: ResumePoint) -> Resume { disk.resume(name, after: point) }

    func page(_ name: TopicName, after offset: UInt64, maxBytes: Int, maxEvents: Int) -> LinePage {
        var lines = disk.page(name, after: offset, maxBytes: maxBytes, maxEvents: maxEvents)
        if fault == .shortPage, lines.isLast, lines.count > 1 {
            lines.bytes.removeLast(Int(lines.ends[lines.count - 1] - lines.ends[lines.count - 2]))
            lines.ends.removeLast()
        }
        return lines
    }

    func snapshotLine(_ name: TopicName) -> (line: [UInt8], position: Position)? {
        guard let topic = disk.topics[name] else { return nil }
        let head = disk.head(name)
        return (ControlLine.snapshot(at: head, state: topic.fold.answer(position: head, before: nil, isImported: true)), head)
    }
}
