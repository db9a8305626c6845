// An OpenCode whose stream is not what it should be: what Reprise can use it uses, what it cannot it tells, and it asks again.

import Reactor
import TestSupport
import Testing

@Suite(.ownThread) struct UpstreamStreamTests {
    private static let greeting = "data: {\"type\":\"server.connected\",\"data\":{}}\n\n"

    private func server(_ stream: FakeOpenCode.Answer) throws -> FakeOpenCode {
        try FakeOpenCode([
            "/api/info": .json(#"{"version":"2.0.14","pid":1}"#), "/api/event": stream, "/api/session": .json(#"{"data":[]}"#),
            "/api/session/active": .json(#"{"data":{}}"#),
        ])
    }

    @Test func `a stream that never says that it is connected is given up, and opened again`() throws {
        let server = try server(.stream(": heartbeat\n\ndata: {\"type\":\"early.word\",\"data\":{}}\n\n"))
        let relay = try RelayProcess(["--opencode", server.url])
        try server.wait(for: "/api/event")
        #expect(try relay.get("/readyz")["opencode"]?["state"]?.string != "connected")
        #expect(try relay.program.error(with: "upstream away").contains("the stream does not greet"))
        #expect(try relay.opencode(is: "away").contains("the stream does not greet"))
        try server.wait(for: "/api/event", times: 2)
        #expect(try relay.log("opencode") == [])
        #expect(try relay.drain() == .exited(0))
    }

    @Test func `what is no JSON or too long is told, what nobody knows is kept`() throws {
        let unknown = { (type: String) in "data: {\"type\":\"\(type)\",\"data\":{\"n\":1}}\n\n" }
        let long = "data: {\"type\":\"long.word\",\"data\":\"" + String(repeating: "x", count: 17 << 20) + "\"}\n\n"
        let stream = Self.greeting + "data: {\"type\":\n\n" + unknown("first.word") + long + unknown("last.word")
        let server = try server(.stream(stream))
        let relay = try RelayProcess(["--opencode", server.url])
        try relay.program.error(with: "a frame that is not JSON was skipped")
        let lines = try relay.log("opencode", until: "last.word")
        #expect(lines.count == 4)
        for (line, word) in zip(lines, [#""kind":"unreadable""#, "first.word", #""kind":"oversize""#, "last.word"]) {
            #expect(line.contains(word))
        }
        #expect(try relay.opencode(is: "connected").isEmpty)
        try server.wait(for: "/api/event")
        #expect(try relay.drain() == .exited(0))
    }

    @Test func `what is too large to be read is told, and the stream is not given up for it`() throws {
        let row = #"{"id":"ses_1","title":"t","time":{"created":1,"updated":2},"location":{"directory":"/p"}}"#
        let nothing = FakeOpenCode.Answer.json(#"{"data":[]}"#)
        let server = try FakeOpenCode([
            "/api/info": .json(#"{"version":"2.0.14","pid":1}"#), "/api/event": .stream(Self.greeting),
            "/api/session": .json(#"{"data":[\#(row)]}"#), "/api/session/ses_1": .json(#"{"data":\#(row)}"#),
            "/api/session/active": .json(#"{"data":{"\#(String(repeating: "x", count: 65 << 20))":{}}}"#),
            "/api/session/ses_1/permission": nothing, "/api/session/ses_1/form": nothing, "/api/session/ses_1/inbox": nothing,
            "/api/session/ses_1/message": .json(
                #"{"data":[{"id":"msg_1","type":"user","time":{"created":1},"text":"hello"}],"cursor":{}}"#),
        ])
        let relay = try RelayProcess(["--opencode", server.url])
        let what = "the list of sessions that run is too large"
        #expect(try relay.log("opencode", until: what).count == 1)
        #expect(try relay.get("/v1/sessions/ses_1")["messages"]?.items.count == 1)
        #expect(try relay.log("ses_1", until: what).count { $0.contains(#""type":"notice""#) } == 1)
        #expect(server.asks(for: "/api/event") == 1)
        #expect(try relay.drain() == .exited(0))
    }

    @Test func `a frame that is torn says nothing, and its stream's end is an outage`() throws {
        let torn = Self.greeting + "data: {\"type\":\"whole.word\",\"data\":{}}\n\ndata: {\"type\":\"torn.word\",\"data\":{}}\n"
        let server = try server(.stream(torn, isCut: true))
        let relay = try RelayProcess(["--opencode", server.url])
        #expect(try relay.program.error(with: "upstream away").contains("the stream ended"))
        let lines = try relay.log("opencode", until: #""type":"outage""#)
        #expect(lines.contains { $0.contains("whole.word") } && !lines.contains { $0.contains("torn.word") })
        try server.wait(for: "/api/event", times: 2)
        #expect(try relay.drain() == .exited(0))
    }
}

extension RelayProcess {
    /// Asks until OpenCode stands so, and gives what is said beside it.
    func opencode(is state: String) throws -> String {
        let limit = ContinuousClock.now + RunningProgram.patience
        while ContinuousClock.now < limit {
            let said = try get("/readyz")["opencode"]
            if said?["state"]?.string == state { return said?["detail"]?.string ?? "" }
        }
        throw program.disappointed("OpenCode was never \(state)")
    }

    /// The topic's lines, as soon as one has this in it.
    func log(_ topic: String, until text: String) throws -> [String] {
        let limit = ContinuousClock.now + RunningProgram.patience
        while ContinuousClock.now < limit {
            let lines = try log(topic)
            if lines.contains(where: { $0.contains(text) }) { return lines }
            let last = lines.last.flatMap { $0.split(separator: "\"").dropFirst(3).first }.map(String.init) ?? "earliest"
            try ask("GET", "/v1/topics/\(topic)/events?after=\(last)&wait=5")
        }
        throw program.disappointed("\(topic) never had “\(text)”")
    }
}
