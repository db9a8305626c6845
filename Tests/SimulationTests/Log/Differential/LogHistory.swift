// A history of calls, drawn from a seed.

import EventLog
import RelayProtocol

struct LogHistory {
    static let topics = ["builds", "deploys", "ses_1", "ses_2", "opencode", "lobby"].compactMap { TopicName($0) }
    static let kept = 6
    private var random: SeededRandom
    private var commands: CommandHistory
    private var count = 0

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        commands = CommandHistory(seed: random.next())
    }

    mutating func next() -> LogAct {
        switch random.number(0...99) {
        case 0..<45: .calls((0..<random.number(1...4)).map { _ in call() })
        case 45..<80: .look(random.chance(perMille: 400) ? commands.look() : look())
        case 80..<90: .room(sink: random.number(0...1), random.number(0...4))
        // Up to the end of a prompt's grace, and of a key's day.
        case 90..<97: .pass(Int64(random.pick([1, 500, 15_000, 30_001, 40_000_000]) ?? 1))
        default: .reopen
        }
    }

    private mutating func topic() -> TopicName { random.pick(Self.topics) ?? .lobby }

    private mutating func call() -> LogCall {
        switch random.number(0...29) {
        case 0..<13: .append((0..<random.number(1...2)).map { _ in append() })
        case 13: .delete(topic())
        case 14..<18: .watch(topic(), sink: random.number(0...1))
        case 18, 19: .unwatch(topic(), sink: random.number(0...1))
        default: commands.call()
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
