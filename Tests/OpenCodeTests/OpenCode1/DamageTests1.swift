// Frames that are JSON but not what 1.18 says: members missing, of another type, twice. Nothing traps, and what comes out is JSON.

import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct DamageTests1 {
    @Test(arguments: ["tools_once", "abort_question", "provider_error", "summarize", "revert", "chatty_tool"], [UInt64(1), 2, 3])
    func `damaged frames do no harm`(_ name: String, _ seed: UInt64) throws {
        var damage = Damage(random: Scattered(state: seed))
        var replay = Replay1()
        for line in try Recording1(name).lines {
            guard case .frame(let frame) = line else { continue }
            replay.receive(try JSON.parse(damage.damaged(frame)))
        }
        for (_, event) in replay.said { #expect(throws: Never.self) { try JSON.parse(event.payload) } }
        for (id, session) in replay.sessions {
            #expect(throws: Never.self) { try JSON.parse(session.translator.record) }
            _ = OpenCode1().translator(session: id, record: session.translator.record, held: session.folded)
        }
    }

    @Test(arguments: ["lifecycle", "kill_permission"]) func `damaged answers do no harm`(_ name: String) throws {
        var damage = Damage(random: Scattered(state: 7))
        var taken = 0
        for line in try Recording1(name).lines {
            guard case .answer(_, "GET", _, .answered(200, true, _, let body)) = line, let value = try? JSON.parse(body) else { continue }
            for _ in 0..<20 {
                let damaged = UpstreamAnswer.answered(status: 200, isJSON: true, headers: [], body: damage.damaged(value))
                let table = Self.table(damaged)
                var conversation = Conversation<SessionRead>(table)
                var driven = Driven1.running()
                if case .success(let read) = conversation.run(OpenCode1().readSession("ses_1", directory: nil, until: nil, limit: 50)) {
                    driven.settle(read)
                    taken += 1
                }
                var list = Conversation<SessionListRead>(table)
                _ = list.run(OpenCode1().listSessions(pages: 2))
            }
        }
        #expect(taken > 20, "so few were taken that nothing was tried")
    }

    /// Every question is answered so whose answer may have that shape.
    private static func table(_ damaged: UpstreamAnswer) -> [(request: String, answers: [UpstreamAnswer])] {
        guard case .answered(_, _, _, let body) = damaged else { return [] }
        let isList = body.first == UInt8(ascii: "[")
        let (list, object) = isList ? (damaged, UpstreamAnswer.json("{}")) : (.json("[]"), damaged)
        return [
            ("GET /session/ses_1/", [list]), ("GET /permission", [list]), ("GET /question", [list]), ("GET /experimental", [list]),
            ("GET", [object]),
        ]
    }
}

private struct Damage {
    var random: Scattered

    mutating func damaged(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        write(value, &writer)
        return writer.bytes
    }

    private mutating func write(_ value: JSONValue, _ writer: inout JSONWriter) {
        switch random.next() % 60 {
        case 0: return writer.raw(Array("null".utf8))
        case 1: return writer.int(-7)
        case 2: return writer.string("x\"\n\u{2028}")
        case 3: return writer.raw(Array("{}".utf8))
        case 4: return writer.raw(Array("[[]]".utf8))
        default: break
        }
        if value.isObject {
            let kept = value.members.filter { _ in random.next() % 40 != 0 }
            var parts: [(String, [UInt8])] = []
            for (key, value) in kept { parts.append((key, damaged(value))) }
            writer.object { writer in
                for (key, bytes) in parts {
                    writer.key(named: key)
                    writer.raw(bytes)
                }
            }
        } else if value.isArray {
            let items = value.items.map { damaged($0) }
            writer.array { writer in for item in items { writer.raw(item) } }
        } else {
            writer.raw(value.raw)
        }
    }
}

/// SplitMix64: the same in every run.
private struct Scattered: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
