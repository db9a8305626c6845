// Whatever arrives is read, refused or ignored: nothing traps. What is damaged was good before, so the damage is deep inside.

import RelayProtocol
import Testing
import Wire

@Suite struct DamageTests {
    private static let good = [
        #"{"at":"0007-r7k2m-0000000041","ts":1795550339027,"event":{"type":"message","message":{"id":"m","created":1,"parts":["a","b"]}},"by":"owner"}"#,
        #"{"id":"c1","do":"prompt","parts":[{"type":"text","text":"\ud83d\u0041"},{"type":"file","mime":"a/b","url":"data:"}],"model":"a/b"}"#,
        #"{"id":"c1","do":"question","question":"q","answer":{"a":[1,2.5e3,null]}}"#,
        #"{"session":{"id":"s","gone":true},"status":{"status":"retry","next":5},"turns":[{"turn":2,"state":"done"},{"turn":1,"state":"done"}],"messages":[{"id":"m","created":1,"order":["p","p"],"parts":[{"id":"p","message":"m","type":"text","text":"x"},{"id":"p"}]},{"id":"m","created":0}],"permissions":[{"id":"x"}],"tasks":[]}"#,
    ]

    private func damaged(_ input: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var bytes = input
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[place] = .random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            default: bytes.insert(contentsOf: bytes[place...].prefix(Int.random(in: 1...30, using: &random)), at: place)
            }
        }
        return bytes
    }

    @Test(arguments: good.indices) func `is taken without a trap`(index: Int) throws {
        var random = SplitMix(seed: UInt64(index) + 1)
        for _ in 0..<3000 {
            let input = damaged(bytes(Self.good[index]), &random)
            _ = EventLine.position(of: input[...])
            _ = try? EventLine.parse(input)
            _ = try? ClientCommand.parse(input)
            _ = try? CreateBody.parse(input)
            guard let value = try? JSON.parse(input) else { continue }
            #expect((try? JSON.parse(CanonicalForm.bytes(value))) != nil, "\(text(input))")
            var state = FoldedSession(state: value)
            state.apply(.message("m", bytes(#"{"id":"m","created":9,"parts":["b","p"]}"#)))
            state.apply(.part("b", bytes(#"{"id":"b","message":"m","type":"text"}"#)))
            state.apply(.delta(part: "p", text: bytes("y")))
            #expect((try? JSON.parse(state.answer(position: .origin))) != nil, "\(text(input))")
            if let problem = Problem(value) { #expect(problem.code.status >= 400) }
        }
    }
}
