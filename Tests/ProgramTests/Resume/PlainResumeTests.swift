// Exact resume and idempotent publishing on a plain topic, while ways break and the program is killed.

import Foundation
import RepriseClient
import Testing
import Wire

@Suite(.serialized) struct PlainResumeTests {
    @Test(.timeLimit(.minutes(10))) func `everybody hears every event once, through cuts and kills`() throws {
        var seed = Seed(for: "plain resume")
        let relay = try RelayProcess()
        let audience = try Audience(of: "numbers", relay, seed: &seed)
        let kills = 4 * TestScale.factor
        let batches = Self.batches(100 * kills, &seed)
        let publishing = try Self.publish(batches, relay, &seed)
        for kill in 1...kills {
            let count = batches.count * kill / (kills + 1)
            try audience.first.wait(for: "batch \(count)") { lines in lines.contains { $0.contains(#""batch":\#(count),"#) } }
            try relay.kill()
            try relay.start()
        }
        let published = try publishing.wait()
        let log = try relay.log("numbers")
        let payloads = try log.map { line in try #require(try JSON.parse(Array(line.utf8))["event"].map { String(decoding: $0.raw, as: UTF8.self) }) }
        #expect(payloads == batches.flatMap(\.self))
        #expect(published == batches.map(\.count))
        try audience.check(against: log)
        #expect(audience.proxy.cuts >= 20 * TestScale.factor)
        print("cuts: \(audience.proxy.cuts), events: \(log.count)")
    }

    /// Batches of numbered events, of a few bytes to a few thousand.
    private static func batches(_ count: Int, _ seed: inout Seed) -> [[String]] {
        (0..<count).map { batch in
            (0..<Int.random(in: 1...10, using: &seed)).map { number in
                let text = String(repeating: "x", count: seed.magnitude(in: 1...4000))
                return #"{"batch":\#(batch),"number":\#(number),"text":"\#(text)"}"#
            }
        }
    }

    /// One batch after the other, each sent again under its key until it is answered, over a way that swallows most answers.
    private static func publish(_ batches: [[String]], _ relay: RelayProcess, _ seed: inout Seed) throws -> OwnThread.Running<[Int]> {
        let proxy = try CuttingProxy(to: relay.port, seed: seed.fork(), bytes: 10...2000)
        var options = RepriseClient.Options()
        (options.backoffBase, options.backoffCap, options.requestTimeout) = (.milliseconds(5), .milliseconds(100), .seconds(5))
        let client = try RepriseClient(url: "http://127.0.0.1:\(proxy.port)", token: relay.token, options: options)
        return OwnThread().start {
            var counts: [Int] = []
            for batch in batches {
                let answer = try await client.publish(topic: "numbers", lines: Array(batch.map { $0 + "\n" }.joined().utf8))
                counts.append((try? JSON.parse(answer)["count"]?.int) ?? 0)
            }
            client.close()
            _ = proxy
            return counts
        }
    }
}
