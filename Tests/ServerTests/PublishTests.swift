import EventLog
import Foundation
import Reactor
import RelayProtocol
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct PublishTests {
    private static let target = "/v1/topics/builds/events"

    @Test(arguments: ["null", "true", "-1.5e300", #""text""#, "[]", "{}", #"{"a":{"b":[1,2]}}"#, "12345678901234567890", #""\ud83d""#])
    func `any JSON value is one event, byte for byte`(value: String) throws {
        let server = try TestServer()
        let answer = try server.ask("POST", Self.target, headers: [("content-type", "application/json")], body: value)
        #expect(answer.status == 200)
        #expect(try JSON.parse(answer.body)["count"]?.int == 1)
        #expect(try server.page("\(Self.target)?after=earliest").events == [value])
    }

    @Test func `line breaks between tokens become spaces`() throws {
        let server = try TestServer()
        _ = try server.ask("POST", Self.target, body: "{\r\n\"a\":\n1}\n")
        #expect(try server.page("\(Self.target)?after=earliest").events == [#"{  "a": 1}"#])
    }

    @Test(arguments: ["charset=utf-8", "Charset=\"UTF-8\"", "v=\"a;charset=latin1\"", "charset = utf-8 ; v=1"])
    func `a type may say that it is UTF-8`(parameter: String) throws {
        let server = try TestServer()
        let answer = try server.ask("POST", Self.target, headers: [("content-type", "application/x-ndjson ; \(parameter)")], body: "1\n2")
        #expect(try JSON.parse(answer.body)["count"]?.int == 2)
    }

    @Test func `a batch is one event a line, empty lines skipped, stored together`() throws {
        let server = try TestServer()
        let answer = try server.ask("POST", Self.target, headers: [("content-type", "application/x-ndjson")], body: "1\n\n 2 \r\n3")
        #expect(try JSON.parse(answer.body)["count"]?.int == 3)
        #expect(try server.page("\(Self.target)?after=earliest").events == ["1", "2", "3"])
    }

    @Test func `the largest event fits a line, and every reader gets it`() throws {
        let server = try TestServer()
        let value = "\"\(String(repeating: "x", count: Limits.eventBytes - 2))\""
        let socket = try server.webSocket("/v1/topics/builds/websocket")
        _ = try socket.line()
        #expect(try server.ask("POST", Self.target, body: value).status == 200)
        try server.publish("builds", ["1"])
        let line = try socket.line()
        #expect(line.utf8.count + 1 <= Limits.lineBytes)
        #expect(try Line(line).event == value)
        #expect(try Line(try socket.line()).event == "1")
    }

    @Test func `a key makes it safe to send again`() throws {
        let server = try TestServer()
        let key = [("idempotency-key", "run-1881")]
        let first = try server.ask("POST", Self.target, headers: key, body: "1")
        let again = try server.ask("POST", Self.target, headers: key, body: "1")
        #expect(first.status == 200 && again.body == first.body)
        let other = try server.ask("POST", Self.target, headers: key, body: "2")
        #expect(other.status == 409)
        #expect(try JSON.parse(other.body)["code"]?.string == "idempotency_conflict")
        #expect(try server.page("\(Self.target)?after=earliest").events == ["1"])
    }

    @Test func `who is ahead of the disk is told to come back`() throws {
        var options = LogOptions()
        options.queuedBytes = 1000
        let server = try TestServer(log: options)
        // The writer is held up, and what it has to write fills its queue.
        let (gate, written) = (BlockingQueue<Void>(), BlockingQueue<Void>())
        // Whatever fails here, the writer goes on.
        defer { gate.close() }
        server.log.perform({ _ in gate.take() }, { _ in })
        let name = try #require(TopicName("others"))
        server.log.append([Append(topic: name, events: [Event(.plain, payload: Array(repeating: 0x31, count: 990))])]) { _ in }
        let answer = try server.ask("POST", Self.target, body: "\"\(String(repeating: "x", count: 100))\"")
        gate.post(always: ())
        server.log.perform({ _ in }, { _ in written.post(always: ()) })
        #expect(answer.status == 503)
        #expect(try JSON.parse(answer.body)["code"]?.string == "overloaded")
        #expect(answer.head.headers["retry-after"] != nil)
        written.take()
        try server.publish("builds", ["1"])
    }

    /// Both of the log's reading threads are held up: what is large waits for one of them.
    @Test func `bodies that wait to be looked through are counted`() throws {
        var options = LogOptions()
        options.queuedBytes = 150_000
        let server = try TestServer(isConnected: true, log: options) { $0.loops = 1 }
        let (gate, held, answered) = (BlockingQueue<Void>(), BlockingQueue<Void>(), BlockingQueue<Int>())
        defer { gate.close() }
        for _ in 0..<options.readers {
            server.log.read { _ -> Bool in
                held.post(always: ())
                return gate.take() == nil
            } _: { _ in
            }
        }
        for _ in 0..<options.readers { held.take() }
        let large = "\"\(String(repeating: "x", count: 100_000))\""
        let port = server.port
        Thread.detachNewThread {
            let answer = try? PlainExchange.ask(port, "POST", Self.target, headers: [TestServer.authorization], body: large)
            answered.post(always: answer?.status ?? 0)
        }
        for _ in 0..<10_000 where server.log.queuedBytes == 0 { _ = try server.ask("GET", "/healthz") }
        #expect(server.log.queuedBytes == large.utf8.count)
        for (target, body) in [(Self.target, large), ("/v1/sessions/ses_1/chat", "{\"content\":\(large)}")] {
            let refused = try server.ask("POST", target, body: body)
            #expect(refused.status == 503)
            #expect(try JSON.parse(refused.body)["code"]?.string == "overloaded")
        }
        gate.close()
        #expect(answered.take() == 200)
        server.settle()
        #expect(server.log.queuedBytes == 0)
    }

    @Test func `a prompt counts among what waits for the writer, and a stop does not`() throws {
        var options = LogOptions()
        options.queuedBytes = 1000
        let server = try TestServer(isConnected: true, log: options)
        try server.append([SampleEvents.session("ses_1")], to: "ses_1")
        let (gate, answered) = (BlockingQueue<Void>(), BlockingQueue<Int>())
        defer { gate.close() }
        server.log.perform({ _ in gate.take() }, { _ in })
        let port = server.port
        let ask: @Sendable (String, String) -> Void = { verb, body in
            Thread.detachNewThread {
                let target = "/v1/sessions/ses_1/\(verb)"
                answered.post(
                    always: (try? PlainExchange.ask(port, "POST", target, headers: [TestServer.authorization], body: body).status) ?? 0)
            }
        }
        ask("chat", #"{"content":"\#(String(repeating: "x", count: 900))"}"#)
        for _ in 0..<10_000 where server.log.queuedBytes == 0 { _ = try server.ask("GET", "/healthz") }
        #expect(server.log.queuedBytes > 900)
        ask("stop", "{}")
        let refused = try server.ask("POST", "/v1/sessions/ses_1/chat", body: #"{"content":"\#(String(repeating: "y", count: 100))"}"#)
        #expect(refused.status == 503)
        #expect(try JSON.parse(refused.body)["code"]?.string == "overloaded")
        gate.close()
        #expect([answered.take(), answered.take()] == [202, 202])
        server.settle()
        #expect(server.log.queuedBytes == 0)
    }

    @Test func `topics are listed page by page, and removed`() throws {
        let server = try TestServer()
        for name in ["c", "a", "b"] { try server.publish(name, ["1", "2"]) }
        let first = try JSON.parse(try server.ask("GET", "/v1/topics?limit=2").body)
        #expect(first["topics"]?.items.compactMap { $0["topic"]?.string } == ["a", "b"])
        #expect(first["topics"]?.items.first?["kind"]?.string == "plain")
        let cursor = try #require(first["cursor"]?.string)
        let second = try JSON.parse(try server.ask("GET", "/v1/topics?limit=2&cursor=\(cursor)").body)
        #expect(second["topics"]?.items.compactMap { $0["topic"]?.string } == ["c"])
        #expect(try server.ask("DELETE", "/v1/topics/b").status == 204)
        #expect(try server.ask("DELETE", "/v1/topics/b").status == 404)
        #expect(try server.page("/v1/topics/b/events?after=earliest").events.isEmpty)
    }

    private func execute(_ statements: [String], _ server: TestServer) throws {
        let done = BlockingQueue<Bool>()
        server.log.perform { context -> Void in
            for statement in statements { try context.database.execute(statement) }
        } _: {
            done.post(always: (try? $0.get()) != nil)
        }
        #expect(done.take() == true)
    }

    private func ready(_ server: TestServer) throws -> (status: Int, log: String?) {
        let answer = try server.ask("GET", "/readyz")
        return (answer.status, try JSON.parse(answer.body)["log"]?.string)
    }

    /// Nobody but the question writes after the one that failed.
    @Test func `a server whose last commit failed is ready when the log takes something again`() throws {
        let server = try TestServer()
        try server.publish("builds", ["1"])
        let refuse = ["rows", "meta"].map {
            "CREATE TEMP TRIGGER no_\($0) BEFORE INSERT ON main.\($0) BEGIN SELECT RAISE(ABORT, 'no room'); END"
        }
        try execute(refuse, server)
        #expect(try ready(server).status == 200, "nothing has failed yet")
        #expect(try server.ask("POST", Self.target, body: "2").status == 503)
        for _ in 1...2 {
            let told = try ready(server)
            #expect(told.status == 503)
            #expect(told.log?.contains("no room") == true)
        }
        try execute(["DROP TRIGGER no_meta"], server)
        #expect(try ready(server).status == 200)
        #expect(try server.ask("POST", Self.target, body: "3").status == 503)
        #expect(server.log.statistics.isFailing.value == 1)
        #expect(try ready(server) == (200, nil), "the log takes what the question writes")
        #expect(server.log.statistics.isFailing.value == 0)
    }

    @Test func `what was answered is in the figures`() throws {
        let server = try TestServer()
        try server.publish("builds", ["1", "2", "3"])
        let text = try server.ask("GET", "/metrics").text
        #expect(text.contains("# TYPE reprise_published_events_total counter\nreprise_published_events_total 3\n"))
        #expect(try JSON.parse(try server.ask("GET", "/readyz").body)["ready"]?.bool == true)
    }
}
