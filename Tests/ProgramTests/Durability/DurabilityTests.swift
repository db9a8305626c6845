// Durable before visible. The program's calls to the kernel are traced: each fdatasync is held up for a while, or fails.

import Foundation
import TestSupport
import Testing
import Wire

/// strace in front of the program, as its detached tracer.
enum Tracer {
    static let isThere = (try? NodeProgram.run("strace", ["-o", "/dev/null", "-e", "trace=fdatasync", "true"]).status) == 0

    static func command(_ folder: TestFolder, _ injection: String) -> [String] {
        ["strace", "-D", "-f", "-q", "-ttt", "-T", "-o", folder["trace"], "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:\(injection)"]
    }
}

@Suite(.ownThread, .serialized, .enabled(if: Tracer.isThere, "no strace that may trace")) struct DurabilityTests {
    /// A call's begin and end, by the clock of the machine.
    private struct Sync {
        let begin: Double
        let end: Double
    }

    @Test(.timeLimit(.minutes(3))) func `nobody sees or is told of an event before it is synced`() throws {
        let folder = try TestFolder()
        let relay = try RelayProcess(in: folder, wrapper: Tracer.command(folder, "delay_enter=300000"))
        let reader = try TopicReader(relay, "/v1/topics/builds")
        try reader.next()
        var seen: [(asked: Double, heard: Double, answered: Double)] = []
        for number in 1...5 {
            let asked = Date().timeIntervalSince1970
            let publishing = OwnThread().start { [port = relay.port, authorization = relay.authorization] in
                _ = try PlainExchange.ask(
                    port, "POST", "/v1/topics/builds/events", headers: [authorization, ("content-type", "application/json")], body: "\(number)")
                return Date().timeIntervalSince1970
            }
            try reader.until { $0.int == number }
            let heard = Date().timeIntervalSince1970
            seen.append((asked, heard, try publishing.wait()))
        }
        try relay.drain()
        let syncs = try Self.syncs(folder.read("trace"))
        for event in seen {
            #expect(syncs.contains { $0.begin >= event.asked && $0.end <= event.heard }, "heard before it was synced")
            #expect(syncs.contains { $0.begin >= event.asked && $0.end <= event.answered }, "answered before it was synced")
        }
    }

    /// `PID TIME fdatasync(5) = 0 (DELAYED) <0.300>`, in two lines where another thread's call comes between.
    private static func syncs(_ trace: String) -> [Sync] {
        var open: [Substring: Double] = [:]
        return trace.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 2, let time = Double(words[1]) else { return nil }
            if line.hasSuffix("<unfinished ...>") {
                open[words[0]] = time
                return nil
            }
            guard line.hasSuffix(">"), let took = words.last.flatMap({ Double($0.dropFirst().dropLast()) }) else { return nil }
            let begin = line.contains("resumed>") ? open.removeValue(forKey: words[0]) ?? time : time
            return Sync(begin: begin, end: begin + took)
        }
    }

    @Test(.timeLimit(.minutes(3))) func `what cannot be synced is told nobody, and its publisher is told that`() throws {
        let folder = try TestFolder()
        var relay = try RelayProcess(in: folder)
        var last = try Self.last(try relay.ask("POST", "/v1/topics/builds/events", "1"))
        try relay.drain()
        relay = try RelayProcess(in: folder, wrapper: Tracer.command(folder, "error=EIO:when=3+"))
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
