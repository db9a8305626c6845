import Foundation
import RelayProtocol
import TestSupport
import Testing
import Wire

/// Sessions over HTTP and over their streams: what was read and what follows fit together without a hole.
@Suite(.ownThread) struct SessionTests {
    private static let id = "ses_1"
    private static let base = "/v1/sessions/ses_1"

    private func talking() throws -> TestServer {
        let server = try TestServer(isConnected: true)
        try server.append(
            [SampleEvents.session(Self.id), SampleEvents.message("msg_1", created: 1), SampleEvents.text("p1", of: "msg_1", "")],
            to: Self.id)
        for word in ["one ", "two ", "three"] { try server.append([SampleEvents.delta("p1", word)], to: Self.id) }
        return server
    }

    private func text(_ state: JSONValue?) -> String? { state?["messages"]?.items.first?["parts"]?.items.first?["text"]?.string }

    @Test func `what a GET gives and what follows its position are the whole`() throws {
        let server = try talking()
        let state = try JSON.parse(try server.ask("GET", Self.base).body)
        #expect(text(state) == "one two three")
        let position = try #require(state["position"]?.string)
        let socket = try server.webSocket("\(Self.base)/websocket?after=\(position)")
        #expect(try Line(try socket.line()).start == "exact")
        try server.append([SampleEvents.delta("p1", " four")], to: Self.id)
        #expect(try Line(try socket.line()).value["event"]?["text"]?.string == " four")
    }

    @Test func `without a position a subscribe begins with the state`() throws {
        let server = try talking()
        let socket = try server.webSocket("\(Self.base)/websocket")
        #expect(try Line(try socket.line()).start == "snapshot")
        let snapshot = try Line(try socket.line())
        #expect(snapshot.type == "snapshot" && text(snapshot.value["state"]) == "one two three")
        #expect(snapshot.value["position"]?.string == snapshot.value["state"]?["position"]?.string)
        try server.append([SampleEvents.delta("p1", " four")], to: Self.id)
        #expect(try Line(try socket.line()).value["event"]?["text"]?.string == " four")
    }

    @Test func `a snapshot is what an event stream goes on from`() throws {
        let server = try talking()
        let stream = try server.stream("\(Self.base)/events")
        #expect(try #require(try stream.next()).id == nil)
        let snapshot = try #require(try stream.next())
        #expect(try Line(snapshot.data).value["position"]?.string.map { Array($0.utf8) } == snapshot.id)
    }

    @Test(arguments: ["nonsense", "zzzz-zzzzz-0000000001"]) func `what is no position is told, then the state is given`(after: String)
        throws
    {
        let server = try talking()
        let page = try server.page("\(Self.base)/events?after=\(after)")
        #expect(page.types == ["hello", "gap", "snapshot", "end"])
        #expect(try Line(page[0]).start == "gap")
        #expect(try Line(page[1]).value["to"] == nil, "who is cut off here must not be answered by the events that follow")
        let socket = try server.webSocket("\(Self.base)/websocket?after=\(after)")
        #expect(try socket.lines(3).types == ["hello", "gap", "snapshot"])
    }

    @Test func `earliest is the whole log, and folds to the state`() throws {
        let server = try talking()
        let page = try server.page("\(Self.base)/events?after=earliest")
        #expect(page.types == ["hello", "end"])
        var folded = FoldedSession()
        for line in page.dropFirst().dropLast() { folded.apply(try EventLine.parse(Array(line.utf8)).event) }
        let digest = try JSON.parse(try server.ask("GET", "\(Self.base)/digest").body)
        #expect(digest["digest"]?.string == folded.digest)
    }

    @Test func `who takes a snapshot is given one instead of a long backlog, and nobody else`() throws {
        let server = try talking()
        let position = try #require(try JSON.parse(try server.ask("GET", Self.base).body)["position"]?.string)
        try server.append((0..<2500).map { _ in SampleEvents.delta("p1", "x") }, to: Self.id)
        let taking = try server.webSocket("\(Self.base)/websocket?after=\(position)&catchup=snapshot")
        let hello = try Line(try taking.line())
        #expect(hello.start == "snapshot" && hello.reason == "slow")
        let exact = try server.webSocket("\(Self.base)/websocket?after=\(position)")
        #expect(try Line(try exact.line()).start == "exact")
        #expect(try exact.lines(2500).types.isEmpty)
    }

    @Test func `the list and its changes fit together`() throws {
        let server = try talking()
        let list = try JSON.parse(try server.ask("GET", "/v1/sessions").body)
        #expect(list["sessions"]?.items.compactMap { $0["id"]?.string } == [Self.id])
        let position = try #require(list["position"]?.string)
        let lobby = try server.webSocket("/v1/topics/lobby/websocket?after=\(position)")
        #expect(try Line(try lobby.line()).start == "exact")
        try server.append([SampleEvents.session("ses_2")], to: "ses_2")
        #expect(try Line(try lobby.line()).value["event"]?["entry"]?["id"]?.string == "ses_2")
    }

    // Commands.

    @Test func `a prompt is accepted once, whichever way it is said again`() throws {
        let server = try talking()
        let body = #"{"id":"c1","content":"go on"}"#
        let first = try server.ask("POST", "\(Self.base)/chat", body: body)
        #expect(first.status == 202)
        #expect(try JSON.parse(first.body)["state"]?.string == "accepted")
        #expect(try server.ask("POST", "\(Self.base)/chat", body: body).body == first.body)
        #expect(try server.ask("GET", "\(Self.base)/commands/c1").body == first.body)
        let socket = try server.webSocket("\(Self.base)/websocket?after=earliest")
        _ = try socket.line()
        socket.send(text: #"{"id":"c1","do":"prompt","content":"go on"}"#)
        var reply = try Line(try socket.line())
        while reply.type != "reply" { reply = try Line(try socket.line()) }
        #expect(reply.value["result"].map { Array($0.raw) } == first.body)
        #expect(try server.ask("POST", "\(Self.base)/chat", body: #"{"id":"c1","content":"else"}"#).status == 409)
    }

    @Test func `a key is an id`() throws {
        let server = try talking()
        let answer = try server.ask("POST", "\(Self.base)/chat", headers: [("idempotency-key", "k1")], body: #"{"content":"go on"}"#)
        #expect(try JSON.parse(answer.body)["id"]?.string == "k1")
    }

    @Test func `what cannot be done is a problem`() throws {
        let server = try talking()
        func code(_ path: String, _ body: String, _ headers: [(String, String)] = []) throws -> String? {
            try JSON.parse(try server.ask("POST", Self.base + path, headers: headers, body: body).body)["code"]?.string
        }
        #expect(try code("/permissions/p9", #"{"reply":"once"}"#) == "already_answered")
        #expect(try code("/questions/q9", #"{"reject":true}"#) == "already_answered")
        #expect(try code("/permissions/p9", #"{"reply":"maybe"}"#) == "bad_request")
        #expect(try code("/chat", #"{"content":"x"}"#, [("accept", "text/event-stream")]) == "not_acceptable")
        #expect(try code("/chat", "{}") == "bad_request")
        #expect(try server.ask("GET", "\(Self.base)/commands/none").status == 404)
        let away = try TestServer()
        try away.append([SampleEvents.session(Self.id)], to: Self.id)
        let answer = try away.ask("POST", "\(Self.base)/chat", body: #"{"content":"x"}"#)
        #expect(answer.status == 503)
        #expect(try JSON.parse(answer.body)["code"]?.string == "upstream_unavailable")
    }

    @Test func `a create needs an OpenCode and a directory below a root`() throws {
        let server = try TestServer()
        func code(_ body: String) throws -> String? {
            try JSON.parse(try server.ask("POST", "/v1/sessions", body: body).body)["code"]?.string
        }
        #expect(try code(#"{"title":"new"}"#) == "upstream_unavailable")
        #expect(try code(#"{"directory":"relative"}"#) == "bad_request")
        #expect(try code(#"{"directory":"/"}"#) == "directory_outside_roots")
        #expect(try code(#"{"repo":"owner/name"}"#) == "bad_request")
        #expect(try code(#"{"branch":"main"}"#) == "bad_request")
        // What is inside by its name and outside by where it leads.
        try FileManager.default.createSymbolicLink(atPath: server.folder + "/out", withDestinationPath: "/etc")
        #expect(try code(#"{"directory":"\#(server.folder)/out"}"#) == "directory_outside_roots")
        try FileManager.default.createDirectory(atPath: server.folder + "/in", withIntermediateDirectories: true)
        #expect(try code(#"{"directory":"\#(server.folder)/in"}"#) == "upstream_unavailable")
    }
}
