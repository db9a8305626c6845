// Subscribers of one topic while a flood passes, one of which takes nothing meanwhile. All have the same bytes in the end, and what the
// stopped one has not taken lies in the log, not in memory.

import Foundation
import TestSupport
import Testing
import Wire

@Suite(.ownThread, .serialized) struct FloodTests {
    private static let batches = 60 * TestScale.factor
    private static let perBatch = 500

    @Test(.timeLimit(.minutes(5))) func `twenty subscribers hear the same bytes, and a stopped one stops nobody`() throws {
        let relay = try RelayProcess()
        try relay.post("/v1/topics/flood/events", "0")
        let stopped = try StoppedReader(
            port: relay.port, target: "/v1/topics/flood/events?after=earliest",
            headers: ["accept": "text/event-stream", "authorization": "Bearer \(relay.token)"])
        var seed = Seed(1)
        let readers = (0..<19).map { number in
            ResumingReader(
                number % 2 == 0 ? .webSocket : .events, port: relay.port, path: "/v1/topics/flood", token: relay.token, seed: seed.fork())
        }
        var last = ""
        for batch in 1...Self.batches {
            let lines = (1...Self.perBatch).map {
                #"{"batch":\#(batch),"number":\#($0),"text":"\#(String(repeating: "x", count: 250))"}"# + "\n"
            }
            let answer = try relay.post("/v1/topics/flood/events", lines.joined(), headers: [("content-type", "application/x-ndjson")])
            last = answer["last"]?.string ?? ""
        }
        let log = try relay.log("flood")
        #expect(log.count == Self.batches * Self.perBatch + 1)
        for reader in readers { reader.received.finish(at: last) }
        for reader in readers {
            #expect(reader.received.waitUntilDone())
            #expect(SubscriberSet.difference(reader.received.result.lines, log) == nil)
            #expect(reader.received.result.starts.count == 1, "nobody was cut off")
        }
        stopped.resume()
        #expect(SubscriberSet.difference(try Self.lines(of: stopped, until: last), log) == nil)
    }

    @Test(.timeLimit(.minutes(5))) func `what a stopped reader has not taken costs no memory`() throws {
        let relay = try RelayProcess()
        // What the program keeps of a flood, whoever reads it, it has after the first one.
        _ = try Self.flood(relay, "before")
        let before = try Self.residentBytes(relay)
        try relay.post("/v1/topics/flood/events", "0")
        let stopped = try StoppedReader(
            port: relay.port, target: "/v1/topics/flood/events?after=earliest",
            headers: ["accept": "text/event-stream", "authorization": "Bearer \(relay.token)"])
        let heard = try Self.flood(relay, "flood")
        let grown = try Self.residentBytes(relay) - before
        #expect(grown < 32 << 20, "\(grown >> 20) MiB more, for a lag of \(Self.floodBytes >> 20) MiB")
        stopped.resume()
        #expect(SubscriberSet.difference(try Self.lines(of: stopped, until: try #require(heard.position)), heard.lines) == nil)
    }

    private static let floodBytes = 48 << 20

    /// Publishes so many bytes, and gives what a subscriber heard, once it has heard all of them.
    private static func flood(_ relay: RelayProcess, _ topic: String) throws -> ReceivedLines.Contents {
        let line = #""\#(String(repeating: "x", count: 64 << 10))""# + "\n"
        let batch = String(repeating: line, count: 16)
        var seed = Seed(2)
        let reader = ResumingReader(.webSocket, port: relay.port, path: "/v1/topics/\(topic)", token: relay.token, seed: seed.fork())
        var last = ""
        for _ in 0..<(floodBytes / batch.utf8.count) {
            let answer = try relay.post("/v1/topics/\(topic)/events", batch, headers: [("content-type", "application/x-ndjson")])
            last = answer["last"]?.string ?? ""
        }
        reader.received.finish(at: last)
        #expect(reader.received.waitUntilDone())
        return reader.received.result
    }

    private static func residentBytes(_ relay: RelayProcess) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(relay.program.processID)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) }) << 10
    }

    private static func lines(of reader: StoppedReader, until last: String) throws -> [String] {
        var stream = LineStream(.events, nonce: [])
        var lines: [String] = []
        while lines.last?.dropFirst(7).prefix(21) != last[...] {
            switch stream.next() {
            case .line(let line):
                let text = String(decoding: line.bytes, as: UTF8.self)
                if text.hasPrefix(#"{"at":"#) { lines.append(text) }
            case .needMore: if let bytes = try reader.read() { stream.receive(bytes) } else { return lines }
            case .send, .end: return lines
            }
        }
        return lines
    }
}
