import Reactor
import RelayProtocol
import Synchronization
import TestSupport
import Testing
import Wire

@testable import Server

/// A slow reader costs nobody, and is served all the same.
@Suite(.ownThread) struct SlowReaderTests {
    private static let pad = String(repeating: "x", count: 900)

    private func publish(_ server: TestServer, _ range: ClosedRange<Int>) throws {
        for start in stride(from: range.lowerBound, through: range.upperBound, by: 1000) {
            try server.publish("builds", (start..<min(start + 1000, range.upperBound + 1)).map { #"{"n":\#($0),"pad":"\#(Self.pad)"}"# })
        }
    }

    private func number(_ line: String) throws -> Int? { try Line(line).value["event"]?["n"]?.int }

    @Test func `a reader that stands still gets everything in order when it goes on, and the others never wait for it`() throws {
        let server = try TestServer()
        let slow = try PausingReader(server.port, "/v1/topics/builds/websocket?after=earliest")
        let quick = try server.webSocket("/v1/topics/builds/websocket?after=earliest")
        _ = try quick.line()
        // More than a ring and the kernel's buffers hold.
        let count = 8000
        try publish(server, 1...count)
        for expected in 1...count { try #require(try number(quick.line()) == expected) }
        slow.resume()
        let lines = try slow.lines(count + 1)
        #expect(try Line(lines[0]).type == "hello")
        for (expected, line) in zip(1...count, lines.dropFirst()) { try #require(try number(line) == expected) }
    }

    @Test func `a reader that stands still is kept for long after one whose machine is gone`() throws {
        let server = try TestServer {
            $0.heartbeat = .milliseconds(40)
            $0.silenceTimeout = .milliseconds(200)
        }
        let still = try PausingReader(server.port, "/v1/topics/builds/websocket?after=earliest")
        let gone = try PausingReader(server.port, "/v1/topics/quiet/websocket")
        let idle = try server.webSocket("/v1/topics/quiet/websocket")
        try publish(server, 1...2000)
        gone.goDeaf()
        // It was sent nothing but heartbeats.
        while try server.figure("reprise_subscribers") > 2 { _ = try idle.lineOrHeartbeat() }
        for _ in 0..<50 { #expect(try Line(try idle.lineOrHeartbeat()).type == "heartbeat") }
        still.resume()
        let lines = try still.lines(2001)
        for (expected, line) in zip(1...2000, lines.dropFirst()) { try #require(try number(line) == expected) }
    }

    @Test func `a reader behind a shut window whose machine goes is found`() throws {
        let server = try TestServer {
            $0.heartbeat = .milliseconds(40)
            $0.silenceTimeout = .milliseconds(200)
        }
        let slow = try PausingReader(server.port, "/v1/topics/builds/websocket?after=earliest")
        let idle = try server.webSocket("/v1/topics/quiet/websocket")
        try publish(server, 1...2000)
        slow.goDeaf()
        while try server.figure("reprise_subscribers") > 1 { _ = try idle.lineOrHeartbeat() }
    }

    @Test func `a reader of a log that cannot be read any more is told so`() throws {
        let server = try TestServer()
        try publish(server, 1...16_000)
        let slow = try PausingReader(server.port, "/v1/topics/builds/websocket?after=earliest")
        try server.spoilLog()
        slow.resume()
        #expect(slow.closeCode() == 1011)
    }

    @Test func `an event stream of a log that cannot be read any more ends with what went wrong`() throws {
        let server = try TestServer()
        try publish(server, 1...16_000)
        let slow = try server.stream("/v1/topics/builds/events?after=earliest", pauses: true)
        try server.spoilLog()
        slow.resume()
        #expect(try Line(try #require(try slow.next()).data).type == "hello")
        var last = try #require(try slow.next())
        for expected in 1...16_000 {
            guard last.id != nil else { break }
            try #require(try Line(last.data).value["event"]?["n"]?.int == expected)
            last = try #require(try slow.next())
        }
        let line = try Line(last.data)
        #expect(line.type == "error" && last.id == nil)
        #expect(line.value["error"]?["code"]?.string == "read_failed" && line.value["error"]?["status"]?.int == 503)
        #expect(try slow.next() == nil)
        // As the client comes back there.
        #expect(try server.ask("GET", "/healthz").status == 200)
    }

    @Test func `a reader that takes no byte for a while is cut off`() throws {
        let server = try TestServer {
            $0.heartbeat = .milliseconds(40)
            $0.stallTimeout = .milliseconds(120)
        }
        let slow = try PausingReader(server.port, "/v1/topics/builds/websocket?after=earliest")
        try publish(server, 1...16_000)
        while try server.figure("reprise_subscribers") > 0 {}
        slow.resume()
        #expect(slow.waitForEnd())
        // Nobody else is: an idle reader has nothing to take.
        let idle = try server.webSocket("/v1/topics/quiet/websocket")
        for _ in 0..<8 { #expect(try Line(try idle.lineOrHeartbeat()).type != nil) }
    }

    @Test func `many who come back at once are served from few reads`() throws {
        let server = try TestServer()
        let after = try server.publish("builds", ["0"]).last
        try publish(server, 1...300)
        let sockets = try (0..<100).map { _ in try server.webSocket("/v1/topics/builds/websocket?after=\(after)") }
        for socket in sockets {
            _ = try socket.line()
            for expected in 1...300 { try #require(try number(socket.line()) == expected) }
        }
    }

    @Test func `a peer that asks and does not read is not read from`() throws {
        let server = try TestServer()
        let slow = try PausingReader(server.port, "/v1/topics/builds/websocket")
        var pings: [UInt8] = []
        for _ in 0..<1000 { WebSocketEncoder.append(ping: Array(repeating: 0x70, count: 125), maskKey: 3, to: &pings) }
        for _ in 0..<200 { slow.write(pings) }
        #expect(try server.ask("GET", "/healthz").status == 200)
        slow.resume()
        #expect(slow.pongs(200_000))
    }
}
