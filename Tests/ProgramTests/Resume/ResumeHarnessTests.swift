// The way that breaks lets through what it shall.

import TestSupport
import Testing

@Suite(.ownThread) struct CuttingProxyTests {
    @Test func `passes bytes up to the cut, and cuts there`() throws {
        let relay = try RelayProcess()
        let open = try CuttingProxy(to: relay.port, seed: Seed(1), bytes: 1_000_000...1_000_000)
        #expect(try PlainExchange.ask(open.port, "GET", "/healthz").text == "ok\n")
        #expect(open.cuts == 0)
        let short = try CuttingProxy(to: relay.port, seed: Seed(1), bytes: 50...50)
        #expect(throws: (any Error).self) { try PlainExchange.ask(short.port, "GET", "/healthz") }
        #expect(short.cuts == 1)
    }

    @Test func `cuts a connection whose time is over`() throws {
        let relay = try RelayProcess()
        let proxy = try CuttingProxy(to: relay.port, seed: Seed(1), bytes: 1_000_000...1_000_000, milliseconds: 50...50)
        let path = "/v1/topics/numbers/events"
        // On a busy machine its time may be over before the answer has begun.
        if let stream = try? PlainStream.open(proxy.port, path, headers: [relay.authorization]) { while try stream.next() != nil {} }
        #expect(proxy.cuts == 1)
    }
}

@Suite(.ownThread) struct ResumingReaderTests {
    @Test(arguments: ReadTransport.allCases) func `reads to its goal`(_ transport: ReadTransport) throws {
        let relay = try RelayProcess()
        for number in 1...3 { try relay.post("/v1/topics/numbers/events", "\(number)") }
        let reader = ResumingReader(transport, port: relay.port, path: "/v1/topics/numbers", token: relay.token, seed: Seed(1))
        let log = try relay.log("numbers")
        reader.received.finish(at: String(log[2].dropFirst(7).prefix(21)))
        #expect(reader.received.waitUntilDone())
        #expect(reader.received.result.lines == log)
        #expect(reader.received.result.faults == [])
        #expect(Set(reader.received.result.starts) == ["exact"])
    }
}
