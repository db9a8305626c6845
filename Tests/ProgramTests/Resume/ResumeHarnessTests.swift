// The way that breaks lets through what it shall.

import TestSupport
import Testing

@Suite struct CuttingProxyTests {
    @Test func `passes bytes up to the cut, and cuts there`() throws {
        let relay = try RelayProcess()
        let open = try CuttingProxy(to: relay.port, seed: Seed(1), bytes: 1_000_000...1_000_000)
        #expect(try PlainExchange.ask(open.port, "GET", "/healthz").text == "ok\n")
        #expect(open.cuts == 0)
        let short = try CuttingProxy(to: relay.port, seed: Seed(1), bytes: 50...50)
        #expect(throws: (any Error).self) { try PlainExchange.ask(short.port, "GET", "/healthz") }
        #expect(short.cuts == 1)
    }
}

@Suite struct ResumingReaderTests {
    @Test(arguments: Clothes.allCases) func `reads to its goal`(_ clothes: Clothes) throws {
        let relay = try RelayProcess()
        for number in 1...3 { try relay.post("/v1/topics/numbers/events", "\(number)") }
        let reader = ResumingReader(clothes, port: relay.port, path: "/v1/topics/numbers", token: relay.token, seed: Seed(1))
        let log = try relay.log("numbers")
        reader.finish(at: String(log[2].dropFirst(7).prefix(21)))
        #expect(reader.waitUntilFinished())
        #expect(reader.result.lines == log)
        #expect(reader.result.faults == [])
        #expect(Set(reader.result.starts) == ["exact"])
    }
}
