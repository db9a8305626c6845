// Sessions that nobody would have: every word of the vocabulary in any order, about few objects, so that all of them meet.

import RelayProtocol
import TestSupport
import Wire

struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }
}

struct RandomSession {
    let id: String
    var random: SeededRandom

    init(_ id: String, seed: UInt64) {
        self.id = id
        random = SeededRandom(seed: seed)
    }

    mutating func events(_ count: Int) -> [Event] { (0..<count).map { _ in event() } }

    private mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: values.indices, using: &random)] }
    private mutating func name(_ prefix: String, _ count: Int) -> String { "\(prefix)\(Int.random(in: 1...count, using: &random))" }
    private mutating func words() -> String {
        pick(["word ", "\u{e9}\u{1F600}", "\\\"", "\n", String(repeating: "long ", count: Int.random(in: 1...400, using: &random)), ""])
    }

    private mutating func event() -> Event {
        var event = content()
        if Int.random(in: 0..<8, using: &random) == 0 { event.origin = pick([.heal, .import]) }
        if Int.random(in: 0..<8, using: &random) == 0 { event.by = "owner" }
        return event
    }

    private mutating func content() -> Event {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<4: SampleEvents.session(id, title: words(), updated: Int.random(in: 0...9, using: &random))
        case 4: .sessionRemoved()
        case 5..<9: .status(pick([.idle, .busy, .stopping, .retry(attempt: 2, message: Array("wait".utf8), next: 9)]))
        case 9..<14: .turn(turn())
        case 14..<26: message()
        case 26..<28: .messageRemoved(name("msg_", 6))
        case 28..<46: part()
        case 46..<48: .partRemoved(name("prt_", 12))
        case 48..<84: delta()
        case 84..<87: SampleEvents.permission(name("per_", 4), session: id)
        case 87..<89: .permissionClosed(name("per_", 4), reply: "once")
        case 89..<91: SampleEvents.question(name("que_", 3), session: id)
        case 91..<93: .questionClosed(name("que_", 3), outcome: "answered")
        case 93: .tasks(Array(#"[{"id":"1","content":"\#(Int.random(in: 0...9, using: &random))","status":"pending"}]"#.utf8))
        case 94: .queue(Array(pick(["[]", #"[{"id":"msg_9","text":"later","created":4}]"#]).utf8))
        case 95: .error(Array(#"{"name":"x","message":"\#(Int.random(in: 0...9, using: &random))"}"#.utf8))
        case 96: .outage(from: 3, to: 4, lost: ["deltas"], healed: false)
        case 97: .notice(kind: "runaway", text: "a notice")
        default: .upstream(Array(#"{"type":"new"}"#.utf8))
        }
    }

    private mutating func turn() -> Turn {
        Turn(
            number: Int.random(in: 1...5, using: &random), state: pick([.started, .done, .stopped, .failed, .interrupted]),
            prompts: Bool.random(using: &random) ? [name("msg_", 6)] : [])
    }

    private mutating func message() -> Event {
        let order = (0..<Int.random(in: 0...4, using: &random)).map { _ in name("prt_", 12) }
        return SampleEvents.message(
            name("msg_", 6), created: Int.random(in: 1...4, using: &random), turn: Bool.random(using: &random) ? 2 : nil,
            parts: Int.random(in: 0..<3, using: &random) == 0 ? order : nil)
    }

    private mutating func part() -> Event {
        let id = name("prt_", 12)
        let type = pick(["text", "reasoning", "tool", "file"])
        let said = words()
        let message = name("msg_", 6)
        let hasBlob = Int.random(in: 0..<12, using: &random) == 0
        return .part(
            id,
            JSONWriter.object { writer in
                writer.member("id", id)
                writer.member("message", message)
                writer.member("type", type)
                if hasBlob {
                    writer.member("text", raw: Array(#"{"$blob":"sha256-0","bytes":1}"#.utf8))
                } else {
                    writer.member("text", said)
                }
            })
    }

    private mutating func delta() -> Event {
        var text: [UInt8] = []
        JSONText.appendEscaped(words(), to: &text)
        return .delta(part: name("prt_", 12), text: text, field: pick([nil, nil, nil, "raw", "output", "other"]))
    }
}
