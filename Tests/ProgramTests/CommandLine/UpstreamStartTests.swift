// A server at --opencode's address that is none, or one that is not spoken here: Reprise serves all the same, and says why it is alone, on
// standard error and in the body of /readyz.

import Glibc
import Reactor
import TestSupport
import Testing

@Suite(.ownThread) struct UpstreamStartTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let answers: [String: FakeOpenCode.Answer]
        var otherwise = FakeOpenCode.Answer.page
        /// Said of it.
        let says: String
        var testDescription: String { name }
    }

    static let strangers = [
        Case(
            name: "a future generation", answers: ["/api/info": .json(#"{"version":"3.0.0","pid":1}"#)],
            says: "OpenCode 3.0.0 is not spoken here"),
        Case(
            name: "a past generation", answers: ["/global/health": .json(#"{"healthy":true,"version":"0.9.1"}"#)],
            says: "OpenCode 0.9.1 is not spoken here"),
        Case(
            name: "a version that is none", answers: ["/api/info": .json(#"{"version":"banana","pid":1}"#)],
            says: "OpenCode banana is not spoken here"),
        Case(name: "a web page for everything", answers: [:], says: "no OpenCode"),
        Case(name: "JSON of something else", answers: ["/global/health": .json("[]"), "/api/info": .json("{}")], says: "unreachable"),
        Case(name: "JSON that is none", answers: ["/global/health": .json("{"), "/api/info": .json("")], says: "no OpenCode"),
        Case(name: "a password that is wrong", answers: [:], otherwise: FakeOpenCode.Answer(status: 401, body: "{}"), says: "unauthorized"),
        Case(name: "a server that is broken", answers: [:], otherwise: FakeOpenCode.Answer(status: 500, body: "{}"), says: "unreachable"),
        Case(
            name: "a stream that is a web page", answers: ["/api/info": .json(#"{"version":"2.0.14","pid":1}"#), "/api/event": .page],
            says: "the stream answered 200"),
    ]

    @Test(arguments: strangers) func `serves without it, and says why`(_ stranger: Case) throws {
        let server = try FakeOpenCode(stranger.answers, otherwise: stranger.otherwise)
        let relay = try RelayProcess(["--opencode", server.url])
        let line = try relay.program.error(with: "upstream away")
        #expect(line.contains(stranger.says), "\(line)")
        // It goes on trying; nobody's read waits for it.
        let ready = try relay.get("/readyz")
        #expect(ready["ready"]?.bool == true)
        #expect(["away", "connecting"].contains(ready["opencode"]?["state"]?.string))
        #expect(try relay.opencode(is: "away").contains(stranger.says))
        try server.wait(for: "/api/info", times: 3)
        #expect(try relay.get("/v1/sessions")["sessions"]?.items.isEmpty == true)
        let created = try relay.ask("POST", "/v1/sessions", #"{"title":"x"}"#)
        #expect(created.status == 503 && created.text.contains("upstream_unavailable"), "\(created.status) \(created.text)")
        #expect(try relay.drain() == .exited(0))
    }

    @Test func `drains while a stream says nothing at all`() throws {
        let server = try FakeOpenCode([
            "/api/info": .json(#"{"version":"2.0.14","pid":1}"#), "/api/event": .stream(),
        ])
        let relay = try RelayProcess(["--opencode", server.url])
        try server.wait(for: "/api/event")
        #expect(try relay.get("/readyz")["ready"]?.bool == true)
        #expect(try relay.drain() == .exited(0))
    }

    @Test func `asks anew where a server takes the question and never answers`() throws {
        let server = try FakeOpenCode([:], otherwise: .stream())
        let relay = try RelayProcess(["--opencode", server.url])
        try server.wait(for: "/api/info", times: 3)
        #expect(try relay.drain() == .exited(0))
    }

    @Test func `warns of a version that nobody has tried`() throws {
        let server = try FakeOpenCode([
            "/api/info": .json(#"{"version":"2.99.0","pid":1}"#),
            "/api/event": .stream("data: {\"type\":\"server.connected\",\"data\":{}}\n\n"),
        ])
        let relay = try RelayProcess(["--opencode", server.url])
        try relay.program.error(with: "OpenCode 2.99.0 was never tried")
        #expect(try relay.drain() == .exited(0))
    }

    @Test func `keeps trying an address where nobody listens`() throws {
        let relay = try RelayProcess(["--opencode", "http://127.0.0.1:9"])
        try relay.program.error(with: "upstream away")
        #expect(try relay.get("/readyz")["opencode"]?["state"]?.string != "connected")
        #expect(try relay.drain() == .exited(0))
    }

    @Test func `finds nothing by itself where nothing is, and says so`() throws {
        let folder = try TestFolder()
        let relay = try RelayProcess(["--opencode", "auto"], in: folder, environment: ["PATH": folder["bin"]])
        try relay.program.error(with: "no opencode")
        #expect(try relay.opencode(is: "none").contains("no opencode"))
        #expect(try relay.drain() == .exited(0))
    }

    /// An OpenCode 2 without sessions.
    private static let second: [String: FakeOpenCode.Answer] = [
        "/api/info": .json(#"{"version":"2.0.14","pid":1}"#), "/api/session": .json(#"{"data":[]}"#),
        "/api/session/active": .json(#"{"data":{}}"#),
        "/api/event": .stream("data: {\"type\":\"server.connected\",\"data\":{}}\n\n"),
    ]

    @Test func `takes the server that comes in place of one that is not spoken here`() throws {
        let server = try FakeOpenCode(["/api/info": .json(#"{"version":"3.0.0","pid":1}"#)])
        let relay = try RelayProcess(["--opencode", server.url])
        try server.wait(for: "/api/info", times: 3)
        var told = try relay.get("/readyz")["opencode"]
        // While it asks once more, it says that.
        for _ in 0..<1_000 where told?["state"]?.string != "away" { told = try relay.get("/readyz")["opencode"] }
        #expect(told?["detail"]?.string?.contains("OpenCode 3.0.0 is not spoken here") == true)
        server.become(Self.second)
        try relay.program.error(with: "upstream connected")
        #expect(try relay.get("/readyz")["opencode"]?["version"]?.string == "2.0.14")
        #expect(try relay.drain() == .exited(0))
    }

    /// A service of the person's own, found by its file.
    private func service(in folder: TestFolder) throws -> FakeOpenCode {
        let server = try FakeOpenCode(Self.second)
        try folder.makeFolder("home/.local/state/opencode")
        try folder.write(#"{"url":"\#(server.url)","pid":\#(getpid()),"password":"p"}"#, to: "home/.local/state/opencode/service.json")
        return server
    }

    @Test func `takes a service that appears where there was nothing`() throws {
        let folder = try TestFolder()
        let relay = try RelayProcess(["--opencode", "auto"], in: folder, environment: ["PATH": folder["bin"]])
        try relay.program.error(with: "no opencode")
        let server = try service(in: folder)
        try relay.program.error(with: "upstream connected")
        #expect(try relay.get("/readyz")["opencode"]?["address"]?.string == server.url)
        #expect(try relay.drain() == .exited(0))
    }

    @Test func `a configuration that cannot be used fails the start, and leaves nothing behind`() throws {
        let folder = try TestFolder()
        let server = try service(in: folder)
        let relay = try RelayProcess(
            ["--opencode", "auto", "--opencode-config", folder["x.json"]], in: folder, environment: ["PATH": folder["bin"]])
        #expect(try relay.program.wait() == .exited(1))
        #expect(relay.program.errors.contains("reprise: --opencode-config cannot be used: the background service of"))
        #expect(relay.program.errors.contains("draining"))
        #expect(!folder.has("data/server.json"))
        withExtendedLifetime(server) {}
    }
}
