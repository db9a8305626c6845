// When a command is sent again, by both clients the same: under its id, by the protocol's rule, for a while.

import Foundation
import Reactor
import Synchronization
import TestSupport
import Testing
import Wire

@testable import RepriseClient

@Suite(.ownThread, .serialized) struct RetryTests {
    typealias Answer = AnsweringServer.Answer

    enum Client: String, CaseIterable {
        case swift, javaScript
        static let here = allCases.filter { $0 == .swift || NodeProgram.path != nil }
    }

    private static let done = Answer(status: 202)
    static let passing = [
        Answer(status: 408, code: "request_timeout"), Answer(status: 429), Answer(status: 500, code: "internal"), Answer(status: 502),
        Answer(status: 503, code: "overloaded"), Answer(status: 503, code: "draining"), Answer(status: 503, code: "storage_failed"),
        Answer(status: 599, code: "a_new_one"),
    ]
    static let final = [
        Answer(status: 400, code: "bad_request"), Answer(status: 404, code: "unknown_session"), Answer(status: 409, code: "session_busy"),
        Answer(status: 409, code: "command_conflict"), Answer(status: 410, code: "session_gone"), Answer(status: 418, code: "a_new_one"),
        Answer(status: 501, code: "not_implemented"), Answer(status: 502, code: "upstream_refused"),
        Answer(status: 503, code: "upstream_unavailable"), Answer(status: 504, code: "uncertain"),
        Answer(status: 505, code: "version_not_supported"),
    ]

    @Test(arguments: Client.here, passing) func `what may be over by itself is sent again under its id`(client: Client, first: Answer)
        async throws
    {
        let server = try AnsweringServer([first, Self.done])
        #expect(try await Self.send(client, server) == nil)
        #expect(server.heard.count == 2)
        #expect(server.heard[0].body == server.heard[1].body)
        #expect(try JSON.parse(server.heard[0].body)["id"]?.string?.isEmpty == false)
    }

    @Test(arguments: Client.here, final) func `what the same request does not mend is told at once`(client: Client, answer: Answer)
        async throws
    {
        let server = try AnsweringServer([answer, Self.done])
        #expect(try await Self.send(client, server) == answer.code)
        #expect(server.heard.count == 1)
    }

    @Test(arguments: Client.here) func `nobody comes back before the time that is said`(client: Client) async throws {
        let server = try AnsweringServer([Answer(status: 503, code: "overloaded", retryAfter: "1"), Self.done])
        #expect(try await Self.send(client, server) == nil)
        #expect(server.heard[1].at - server.heard[0].at >= .milliseconds(980))
    }

    @Test(arguments: Client.here) func `an answer that never comes is not waited for for ever`(client: Client) async throws {
        let server = try AnsweringServer([.none, Self.done])
        #expect(try await Self.send(client, server) == nil)
        #expect(server.heard.count == 2 && server.heard[0].body == server.heard[1].body)
    }

    @Test(arguments: Client.here) func `when the time is over the last answer is told`(client: Client) async throws {
        let server = try AnsweringServer([Answer(status: 503, code: "overloaded")])
        #expect(try await Self.send(client, server, timeout: 300) == "overloaded")
        #expect(server.heard.count > 1)
    }

    @Test(arguments: Client.here) func `a try ends with the time that a command has, however late the answer is`(client: Client)
        async throws
    {
        let server = try AnsweringServer([Answer(status: 202, delay: .milliseconds(1500))])
        switch client {
        case .swift: await #expect(throws: RepriseError.self) { try await Self.swift(server, 300) }
        case .javaScript: #expect(try Self.javaScript("prompt", server, 300)["code"]?.string == "Error: no answer")
        }
    }

    @Test func `what is only asked has its own time, however short a command's is`() async throws {
        let server = try AnsweringServer([Answer(status: 200, delay: .milliseconds(500))])
        let client = try Self.swiftClient(server, 300)
        defer { client.close() }
        _ = try await client.get("/v1/sessions")
    }

    @Test(.enabled(if: NodeProgram.path != nil, "no node")) func `an id is one step of a path, whatever it holds`() throws {
        let server = try AnsweringServer([Self.done])
        _ = try Self.javaScript("stop", server, 20_000, session: "ses_x/../../topics/a?b#c")
        #expect(server.heard.map(\.target) == ["/v1/sessions/ses_x%2F..%2F..%2Ftopics%2Fa%3Fb%23c/stop"])
    }

    @Test func `a stop that names no turn is not tried for long, one that names its turn is`() async throws {
        let answers = [Answer(status: 503, code: "overloaded", retryAfter: "1"), Self.done]
        let (unnamed, named) = (try AnsweringServer(answers), try AnsweringServer(answers))
        let change = { (options: inout RepriseOptions) in options.unnamedStopTimeout = .milliseconds(300) }
        let (first, second) = (try Self.swiftClient(unnamed, 20_000, change), try Self.swiftClient(named, 20_000, change))
        defer { for client in [first, second] { client.close() } }
        await #expect(throws: RepriseError.self) { _ = try await first.stop(session: "ses_1") }
        #expect(unnamed.heard.count == 1)
        _ = try await second.stop(session: "ses_1", turn: 3)
        #expect(named.heard.count == 2 && named.heard[0].body == named.heard[1].body)
        #expect(try JSON.parse(named.heard[0].body)["turn"]?.int == 3)
    }

    @Test func `a command whose task is cancelled while it waits is not sent again`() async throws {
        let server = try AnsweringServer([Answer(status: 503, code: "overloaded", retryAfter: "10"), Self.done])
        let client = try Self.swiftClient(server, 20_000) { options in
            options.onWait = { _ in unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
        }
        defer { client.close() }
        let prompt = Task { try await client.prompt(session: "ses_1", "hello") }
        await #expect(throws: RepriseError.self) { try await prompt.value }
        #expect(server.heard.count == 1)
    }

    @Test func `a create is given the time that a server holds its answer`() async throws {
        let server = try AnsweringServer([Answer(status: 201, body: #"{"id":"ses_1"}"#, delay: .milliseconds(600))])
        let client = try Self.swiftClient(server, 20_000) { $0.requestTimeout = .milliseconds(200) }
        defer { client.close() }
        #expect(try await client.create(title: "t") == "ses_1")
        #expect(server.heard.count == 1)
    }

    /// Of a command that these answers let fail: whether it says that an answer was lost, and how often it was sent.
    private static func failing(_ answers: [Answer], within timeout: Int) async throws -> (isLost: Bool, tries: Int) {
        let lost = Mutex(false)
        let server = try AnsweringServer(answers)
        let client = try Self.swiftClient(server, timeout) { options in
            options.requestTimeout = .milliseconds(200)
            options.onLostAnswer = { lost.withLock { $0 = true } }
        }
        defer { client.close() }
        await #expect(throws: RepriseError.self) { _ = try await client.command("/v1/sessions/ses_1/chat", body: Array("{}".utf8)) }
        return (lost.withLock { $0 }, server.heard.count)
    }

    @Test(arguments: [[Answer.none], [Answer.none, Answer(status: 503, code: "draining")]])
    func `a command that fails with an answer lost says so`(answers: [Answer]) async throws {
        let (isLost, tries) = try await Self.failing(answers, within: 2_000)
        #expect(isLost && tries > 1)
    }

    @Test(arguments: [[Answer(status: 503, code: "draining")], [Answer.none, Answer(status: 409, code: "session_busy")]])
    func `a command that fails with an answer does not`(answers: [Answer]) async throws {
        let (isLost, tries) = try await Self.failing(answers, within: 1_000)
        #expect(!isLost && tries > 0)
    }

    @Test(.enabled(if: NodeProgram.path != nil, "no node")) func `a command that met a dead connection is sent again when a new one lives`()
        throws
    {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let client = here.appending(path: "../../Sources/WebPage/page/reprise.js").standardizedFileURL.path()
        let (status, output) = try NodeProgram.run(
            try #require(NodeProgram.path), [here.appending(path: "run-renewal.mjs").path(), client])
        #expect(status == 0)
        #expect(output == #"{"sent":[1,2,2],"state":"done","isSame":true}"# + "\n", "not while it is fresh, nor for an older connection")
    }

    private static let underWay = Answer(status: 202, body: #"{"id":"c1","do":"create","state":"sent"}"#)

    @Test(arguments: Client.here) func `a create is asked for until the session is there`(client: Client) async throws {
        let server = try AnsweringServer([Self.underWay, Self.underWay, Answer(status: 201, body: #"{"id":"ses_1","title":"t"}"#)])
        #expect(try await Self.create(client, server) == "ses_1")
        #expect(server.heard.count == 3 && Set(server.heard.map(\.body)).count == 1)
        #expect(try JSON.parse(server.heard[0].body)["id"]?.string?.isEmpty == false)
    }

    @Test(arguments: Client.here) func `a create that comes to nothing in time names no session`(client: Client) async throws {
        let server = try AnsweringServer([Self.underWay])
        #expect(try await Self.create(client, server, timeout: 300) == nil)
        #expect(server.heard.count > 1)
    }

    /// The session's id.
    private static func create(_ client: Client, _ server: AnsweringServer, timeout: Int = 20_000) async throws -> String? {
        guard client == .swift else { return try javaScript("create", server, timeout)["id"]?.string }
        let client = try swiftClient(server, timeout)
        defer { client.close() }
        do { return try await client.create(title: "t") } catch RepriseError.underWay { return nil }
    }

    /// The code of the problem that it ends with.
    private static func send(_ client: Client, _ server: AnsweringServer, timeout: Int = 20_000) async throws -> String? {
        switch client {
        case .swift: try await swift(server, timeout)
        case .javaScript: try javaScript("stop", server, timeout)["code"]?.string
        }
    }

    private static func swiftClient(
        _ server: AnsweringServer, _ timeout: Int, _ change: (inout RepriseOptions) -> Void = { _ in }
    ) throws -> RepriseClient {
        var options = RepriseOptions()
        (options.backoffBase, options.backoffCap) = (.milliseconds(10), .milliseconds(50))
        options.requestTimeout = .seconds(2)
        options.commandTimeout = .milliseconds(timeout)
        change(&options)
        return try RepriseClient(url: server.url, token: "token", options: options)
    }

    private static func swift(_ server: AnsweringServer, _ timeout: Int) async throws -> String? {
        let client = try swiftClient(server, timeout)
        defer { client.close() }
        do {
            _ = try await client.command("/v1/sessions/ses_1/stop", body: Array(#"{"id":null}"#.utf8))
            return nil
        } catch RepriseError.problem(_, let code, _) { return code }
    }

    private static func javaScript(_ what: String, _ server: AnsweringServer, _ timeout: Int, session: String = "ses_1") throws -> JSONValue
    {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let client = here.appending(path: "../../Sources/WebPage/page/reprise.js").standardizedFileURL.path()
        let node = try #require(NodeProgram.path)
        let (status, output) = try NodeProgram.run(
            node, [here.appending(path: "run-command.mjs").path(), client, server.url, "\(timeout)", what, session])
        #expect(status == 0)
        return try JSON.parse(Array(output.utf8))
    }
}
