// Durable before visible. The program's calls to the kernel are traced: each fdatasync is held up for a while, or fails.

import Foundation
import TestSupport
import Testing
import Wire

@Suite(.ownThread, .serialized, .enabled(if: Tracer.isThere, "no strace that may trace")) struct DurabilityTests {
    /// How long each sync is held up, in seconds.
    private static let delay = 0.3

    @Test(.timeLimit(.minutes(5)), arguments: OpenCodeGeneration.allCases)
    func `nobody sees or is told of anything before it is synced`(_ generation: OpenCodeGeneration) throws {
        let fixture = try TracedFixture(generation, "delay_enter=\(Int(Self.delay * 1_000_000))")
        let api = fixture.relay.api
        let session = try #require(try api.post("/v1/sessions", #"{"title":"A play"}"#)["id"]?.string)
        let turn = Self.hear(api, "/v1/sessions/\(session)") { $0.isEvent("turn") && $0["state"]?.string != "started" }
        let builds = Self.hear(api, "/v1/topics/builds") { $0.int == 3 }
        let prompter = try Self.time { try api.post("/v1/sessions/\(session)/chat", #"{"content":"hello"}"#) }
        let publishers = try (1...3).map { number in try Self.time { try api.post("/v1/topics/builds/events", "\(number)") } }
        let heard = try (turn.wait(), builds.wait())
        #expect(heard.0.count > 5 && heard.1.count == 3)
        try fixture.relay.drain()
        let syncs = Tracer.syncs(try fixture.folder.read("trace"))
        for answer in [prompter] + publishers + heard.0 + heard.1 {
            #expect(answer.end - answer.begin >= Self.delay, "seen or answered before a sync can have ended")
            #expect(syncs.contains { $0.end >= answer.begin && $0.end <= answer.end }, "seen or answered before it was synced")
        }
    }

    private static func time(_ ask: () throws -> Void) rethrows -> TimedAnswer {
        let begin = Date().timeIntervalSince1970
        try ask()
        return TimedAnswer(begin: begin, end: Date().timeIntervalSince1970)
    }

    /// Everything that a subscriber hears, up to an event: when the log was about to store it, by its `ts`, and when it came.
    private static func hear(
        _ api: RelayAPI, _ path: String, until isLast: @escaping @Sendable (JSONValue) -> Bool
    ) -> OwnThread.Running<[TimedAnswer]> {
        OwnThread().start {
            let stream = try PlainStream.open(api.port, "\(path)/events?after=earliest", headers: [api.authorization])
            var answers: [TimedAnswer] = []
            while let frame = try stream.next() {
                let end = Date().timeIntervalSince1970
                let line = try JSON.parse(frame.data, depth: 1024)
                guard let begin = line["ts"]?.int, let event = line["event"] else { continue }
                answers.append(TimedAnswer(begin: Double(begin) / 1000, end: end))
                if isLast(event) { break }
            }
            return answers
        }
    }

    @Test(.timeLimit(.minutes(3))) func `what cannot be synced is told nobody, and its publisher is told that`() throws {
        let folder = try TestFolder()
        var relay = try RelayProcess(in: folder)
        var last = try Self.last(try relay.ask("POST", "/v1/topics/builds/events", "1"))
        try relay.drain()
        relay = try RelayProcess(in: folder, wrapper: Tracer.command("error=EIO:when=3+", to: folder["trace"]))
        let reader = try TopicReader(relay, "/v1/topics/builds")
        var refused = 0
        for number in 2...20 where refused < 3 {
            let answer = try relay.ask("POST", "/v1/topics/builds/events", "\(number)")
            if answer.status == 200 {
                last = try Self.last(answer)
            } else {
                #expect(answer.status == 503 && answer.text.contains("storage_failed"), "\(answer.text)")
                refused += 1
            }
        }
        #expect(refused == 3)
        // Whoever watches it restarts it.
        #expect(try relay.ask("GET", "/readyz").status == 503)
        try reader.until(position: last)
        try relay.kill()
        while try reader.next() != nil {}
        #expect(reader.position == last, "nothing behind what was acknowledged was seen")
        relay.wrapper = []
        try relay.start()
        #expect(Array(try relay.log("builds").prefix(reader.lines.count)) == reader.lines)
    }

    /// Where a publisher's event ended up.
    private static func last(_ answer: PlainExchange) throws -> String { try #require(try JSON.parse(answer.body)["last"]?.string) }
}
