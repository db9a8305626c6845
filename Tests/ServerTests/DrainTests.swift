import EventLog
import Reactor
import RelayProtocol
import Synchronization
import TestSupport
import Testing
import Wire

@testable import Server

/// A shutdown tells everybody when to come back, and loses nothing that was promised.
@Suite(.ownThread) struct DrainTests {
    @Test func `every subscriber hears when to come back, each at another time, and is closed with 1001`() throws {
        let server = try TestServer()
        let sockets = try (0..<8).map { _ in try server.webSocket("/v1/topics/builds/websocket") }
        let stream = try server.stream("/v1/topics/builds/events")
        for socket in sockets { _ = try socket.line() }
        _ = try stream.next()
        let drained = BlockingQueue<Bool>()
        server.server.drain { drained.post(always: true) }
        var times: Set<Int> = []
        for socket in sockets {
            let line = try Line(try socket.line())
            #expect(line.type == "drain")
            times.insert(try #require(line.value["retry_ms"]?.int))
            #expect(try socket.next() == .close(1001))
            socket.sendClose(1001)
            #expect(try socket.next() == .end)
        }
        let last = try #require(try stream.next())
        times.insert(try #require(try Line(last.data).value["retry_ms"]?.int))
        #expect(try stream.next() == nil)
        #expect(times.count == 9)
        #expect(drained.takeAll(within: .seconds(20)) == [true])
    }

    @Test func `nobody is taken any more, and what waits for an event is answered`() throws {
        let server = try TestServer()
        let last = try server.publish("builds", ["1"]).last
        let poll = try TestSocket(port: server.port)
        poll.write(
            "GET /v1/topics/builds/events?after=\(last)&wait=60 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(TestServer.token)\r\n\r\n"
        )
        let socket = try server.webSocket("/v1/topics/builds/websocket")
        _ = try socket.line()
        // It waits now: it was read before this is answered.
        #expect(try server.ask("GET", "/healthz").status == 200)
        let drained = BlockingQueue<Bool>()
        server.server.drain { drained.post(always: true) }
        _ = try socket.line()
        #expect(throws: (any Error).self) { try PlainExchange.ask(server.port, "GET", "/healthz") }
        socket.sendClose(1001)
        var answer: [UInt8] = []
        while let more = try poll.read() { answer += more }
        #expect(String(decoding: answer, as: UTF8.self).contains(#""type":"end""#))
        #expect(drained.takeAll(within: .seconds(20)) == [true])
    }

    @Test func `a page that is asked for while the server ends does not wait`() throws {
        let server = try TestServer { $0.drainTimeout = .seconds(60) }
        let last = try server.publish("builds", ["1"]).last
        // A stream that does not end yet keeps the drain from being over.
        let socket = try server.webSocket("/v1/topics/builds/websocket")
        _ = try socket.line()
        let poll = try TestSocket(port: server.port)
        poll.write("GET /v1/topics/builds/events?after=\(last)&wait=60 HTTP/1.1\r\nHost: localhost\r\n")
        while try server.figure("reprise_connections_open") < 3 { _ = try server.ask("GET", "/healthz") }
        let drained = BlockingQueue<Bool>()
        server.server.drain { drained.post(always: true) }
        #expect(try Line(try socket.line()).type == "drain")
        poll.write("Authorization: Bearer \(TestServer.token)\r\n\r\n")
        var answer: [UInt8] = []
        while let more = try poll.read() { answer += more }
        #expect(String(decoding: answer, as: UTF8.self).contains(#""type":"end""#))
        socket.sendClose(1001)
        #expect(drained.takeAll(within: .seconds(20)) == [true])
    }

    @Test func `who is being let in is told when to come back`() throws {
        let server = try TestServer()
        // Nobody is judged while the log's readers are held up.
        let gate = BlockingQueue<Void>()
        defer { gate.close() }
        for _ in 0..<LogOptions().readers { server.log.read({ _ in gate.take() }, { _ in }) }
        let fields = "Host: localhost\r\nAuthorization: Bearer \(TestServer.token)\r\n"
        let upgrade =
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\n"
        let sockets = [try TestSocket(port: server.port), try TestSocket(port: server.port)]
        sockets[0].write("GET /v1/topics/builds/websocket HTTP/1.1\r\n\(fields)\(upgrade)\r\n")
        sockets[1].write("GET /v1/topics/builds/events HTTP/1.1\r\n\(fields)Accept: text/event-stream\r\n\r\n")
        while try server.figure("reprise_subscribers") < 2 { _ = try server.ask("GET", "/healthz") }
        let drained = BlockingQueue<Bool>()
        server.server.drain { drained.post(always: true) }
        for socket in sockets {
            var bytes: [UInt8] = []
            while let more = try socket.read() { bytes += more }
            var decoder = HTTPResponseDecoder()
            decoder.expect(method: "GET")
            decoder.receive(bytes)
            guard case .head(let head) = decoder.next() else { throw Unexpected("no answer") }
            #expect(head.status == 503)
            #expect(head.headers["retry-after"].flatMap { Int($0) } ?? 0 >= 1)
        }
        #expect(drained.takeAll(within: .seconds(20)) == [true])
    }

    /// A client that has taken the beginning of an answer of 3.6 MB, of which the kernels hold 200 KB at most.
    private func slowClient(_ server: TestServer) throws -> (TestSocket, begin: [UInt8]) {
        let value = "\"\(String(repeating: "x", count: 900_000))\""
        for _ in 0..<4 { try server.publish("large", [value]) }
        let socket = try TestSocket(port: server.port, pauses: true)
        socket.write(
            "GET /v1/topics/large/events?after=earliest HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(TestServer.token)\r\n\r\n")
        return (socket, try #require(try socket.read()))
    }

    @Test(.timeLimit(.minutes(3))) func `an answer that is going out reaches a slow client whole`() throws {
        let server = try TestServer { ($0.loops, $0.drainTimeout) = (1, .seconds(120)) }
        let (slow, begin) = try slowClient(server)
        let subscriber = try server.webSocket("/v1/topics/builds/websocket")
        _ = try subscriber.line()
        let drained = BlockingQueue<Bool>()
        let isResumed = Mutex(false)
        server.server.drain { drained.post(always: isResumed.withLock { $0 }) }
        // When the subscriber is gone, nobody is left but the slow client.
        _ = try subscriber.line()
        #expect(try subscriber.next() == .close(1001))
        subscriber.sendClose(1001)
        #expect(try subscriber.next() == .end)
        isResumed.withLock { $0 = true }
        slow.resume()
        var decoder = HTTPResponseDecoder(limits: HTTPLimits(bodyBytes: 8 << 20))
        decoder.expect(method: "GET")
        decoder.receive(begin)
        while let more = try slow.read() { decoder.receive(more) }
        var body = 0
        reading: while true {
            switch decoder.next() {
            case .head(let head): #expect(head.status == 200)
            case .body(let bytes): body += bytes.count
            case .end: break reading
            case .needMore, .fail: throw Unexpected("\(body) bytes of the answer")
            }
        }
        #expect(body > 3_600_000)
        slow.end()
        #expect(drained.takeAll(within: .seconds(60)) == [true], "not before the answer was out")
    }

    @Test func `a client that takes nothing holds a drain up no longer than its time`() throws {
        let server = try TestServer { $0.drainTimeout = .milliseconds(100) }
        let (slow, _) = try slowClient(server)
        let drained = BlockingQueue<Bool>()
        server.server.drain { drained.post(always: true) }
        // Without an end of its own the connection would be given up by the time that nothing was taken of it, which is longer.
        #expect(drained.takeAll(within: .seconds(20)) == [true])
        slow.close()
    }

    @Test func `a server without subscribers is drained at once`() throws {
        let server = try TestServer { $0.drainTimeout = .seconds(60) }
        _ = try server.ask("GET", "/healthz")
        let drained = BlockingQueue<Bool>()
        server.server.drain { drained.post(always: true) }
        #expect(drained.takeAll(within: .seconds(20)) == [true])
    }

    @Test(arguments: [1, 2, 3], [1, 10, 5000]) func `slots are of one subscriber each, and not too far off`(loops: Int, subscribers: Int) {
        var times: [Int] = []
        for loop in 0..<loops {
            var slots = DrainSlots(loop: loop, loops: loops, subscribers: subscribers)
            for _ in 0..<subscribers { times.append(slots.next()) }
        }
        #expect(Set(times).count == times.count)
        #expect(times.allSatisfy { (500...31_000).contains($0) })
    }
}
