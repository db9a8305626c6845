// One call of a log's interface, as both logs are given it, and a history of them drawn from a seed.

import EventLog
import Reactor
import RelayProtocol

enum LogCall: Sendable {
    case append([Append])
    case delete(TopicName)
    case watch(TopicName, sink: Int)
    case unwatch(TopicName, sink: Int)
}

enum LogLook: Sendable {
    case state(TopicName)
    case page(TopicName, after: UInt64, maxBytes: Int, maxEvents: Int)
    /// The position that was given as the so-many-th.
    case resume(TopicName, number: Int, shift: Int)
    case resumeText(TopicName, ResumePoint)
}

enum LogAct {
    /// Posted together, before the writer takes any of them.
    case calls([LogCall])
    case look(LogLook)
    /// A sink takes so many notices more.
    case room(sink: Int, Int)
    case reopen
}

struct LogHistory {
    static let topics = ["builds", "deploys", "ses_1", "ses_2", "opencode", "lobby"].compactMap { TopicName($0) }
    static let kept = 6
    private var random: SeededRandom
    private var count = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func next() -> LogAct {
        switch random.number(0...99) {
        case 0..<45: .calls((0..<random.number(1...4)).map { _ in call() })
        case 45..<85: .look(look())
        case 85..<97: .room(sink: random.number(0...1), random.number(0...4))
        default: .reopen
        }
    }

    private mutating func topic() -> TopicName { random.pick(Self.topics) ?? .lobby }

    private mutating func call() -> LogCall {
        switch random.number(0...19) {
        case 0..<13: .append((0..<random.number(1...2)).map { _ in append() })
        case 13: .delete(topic())
        case 14..<18: .watch(topic(), sink: random.number(0...1))
        default: .unwatch(topic(), sink: random.number(0...1))
        }
    }

    private mutating func append() -> Append {
        let topic = topic()
        let events = (0..<random.number(0...4)).map { _ in event(topic) }
        var append = Append(topic: topic, events: events)
        if random.chance(perMille: 200) { append.record = Array("record \(count)".utf8) }
        guard topic.kind == .plain, random.chance(perMille: 500) else { return append }
        append.idempotency = IdempotencyKey(key: "k\(random.number(0...5))", bodyHash: [UInt8(random.number(0...1))])
        return append
    }

    private mutating func event(_ topic: TopicName) -> Event {
        count += 1
        let text = "\(count)" + String(repeating: "x", count: random.number(0...300))
        return topic.kind == .plain ? Event(.plain, payload: Array("\"\(text)\"".utf8)) : .notice(kind: "test", text: text)
    }

    private mutating func look() -> LogLook {
        switch random.number(0...9) {
        case 0, 1: .state(topic())
        case 2..<5:
            .page(topic(), after: UInt64(random.number(0...40)), maxBytes: random.number(1...2000), maxEvents: random.number(1...20))
        case 5:
            .resumeText(
                topic(), random.pick([.none, .earliest, .text(Array("x".utf8)), .text(Array(Position.origin.description.utf8))]) ?? .none)
        default: .resume(topic(), number: random.number(0...200), shift: random.pick([0, 0, 0, 0, 1, 40]) ?? 0)
        }
    }
}
