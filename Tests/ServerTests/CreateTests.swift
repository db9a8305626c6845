// A create is answered by a session that a GET finds, or by the command.

import EventLog
import Reactor
import RelayProtocol
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct CreateTests {
    private static let body = #"{"id":"c1","title":"new"}"#

    /// OpenCode has made the session, and nothing of it was read yet.
    private func settle(_ server: TestServer) throws {
        let done = BlockingQueue<Bool>()
        server.log.perform {
            try $0.database.execute("UPDATE commands SET state = 'done', result = CAST('{\"id\":\"ses_new\"}' AS BLOB) WHERE id = 'c1'")
        } _: {
            done.post(always: (try? $0.get()) != nil)
        }
        #expect(done.take() == true)
    }

    @Test func `it is the command's answer as long as the log does not know the session`() throws {
        let server = try TestServer(isConnected: true) { $0.createPatience = .milliseconds(50) }
        let accepted = try server.ask("POST", "/v1/sessions", body: Self.body)
        #expect(accepted.status == 202)
        #expect(try JSON.parse(accepted.body)["state"]?.string == "accepted")
        try settle(server)
        let made = try server.ask("POST", "/v1/sessions", body: Self.body)
        #expect(made.status == 202)
        #expect(try JSON.parse(made.body)["state"]?.string == "done")
        #expect(try JSON.parse(made.body)["result"]?["id"]?.string == "ses_new")
    }

    @Test func `it is found under the session that it has made, and under no other`() throws {
        let server = try TestServer(isConnected: true) { $0.createPatience = .milliseconds(50) }
        #expect(try server.ask("POST", "/v1/sessions", body: Self.body).status == 202)
        #expect(try server.ask("GET", "/v1/sessions/ses_new/commands/c1").status == 404, "nobody knows yet what it makes")
        try settle(server)
        let found = try server.ask("GET", "/v1/sessions/ses_new/commands/c1")
        #expect(found.status == 200)
        #expect(try JSON.parse(found.body)["do"]?.string == "create")
        #expect(try JSON.parse(found.body)["state"]?.string == "done")
        #expect(try server.ask("GET", "/v1/sessions/ses_other/commands/c1").status == 404)
        #expect(try server.ask("GET", "/v1/sessions/ses_new/commands/c2").status == 404)
    }

    @Test func `it waits for the log to know the session, and is answered once by it`() throws {
        let server = try TestServer(isConnected: true) { $0.loops = 1 }
        let socket = try TestSocket(port: server.port)
        let request = """
            POST /v1/sessions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer \(TestServer.token)\r\n\
            content-length: \(Self.body.utf8.count)\r\n\r\n\(Self.body)
            """
        socket.write(request)
        try waitForCommand(server)
        try settle(server)
        // The same again: it is done, and waits as the first does.
        let second = try TestSocket(port: server.port)
        second.write(request)
        try server.append([SampleEvents.session("ses_new")], to: "ses_new")
        let answer = String(decoding: try second.read() ?? [], as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 201 ") && answer.contains("/v1/sessions/ses_new") && answer.contains(#""id":"ses_new""#))
        #expect(try server.ask("GET", "/v1/sessions/ses_new").status == 200)
        #expect(throws: TestSocket.Failure.self) { try second.read(within: .zero) }
    }

    private func waitForCommand(_ server: TestServer) throws {
        let found = BlockingQueue<Bool>()
        var isThere = false
        while !isThere {
            server.log.read { reader in
                try reader.transaction { try $0.database.oneOff("SELECT 1 FROM commands WHERE id = 'c1'").step() }
            } _: {
                found.post(always: (try? $0.get()) == true)
            }
            isThere = found.take() == true
        }
    }
}
