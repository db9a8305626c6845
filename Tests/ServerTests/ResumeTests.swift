import EventLog
import RelayProtocol
import TestSupport
import Testing
import Wire

/// The same lines over all four transports, from wherever a client stands.
@Suite(.ownThread) struct ResumeTests {
    static let values = (1...20).map { #"{"n":\#($0)}"# }

    enum Transport: String, CaseIterable { case webSocket, eventStream, page, longPoll }

    /// The lines that a read gives, up to so many events.
    private func read(_ server: TestServer, _ transport: Transport, _ query: String, events: Int, controls: Int = 1) throws -> [String] {
        let base = "/v1/topics/builds"
        switch transport {
        case .webSocket: return try server.webSocket("\(base)/websocket\(query)").lines(events + controls)
        case .eventStream:
            let stream = try server.stream("\(base)/events\(query)")
            return try (0..<events + controls).map { _ in String(decoding: try #require(try stream.next()).data, as: UTF8.self) }
        case .page: return try server.page("\(base)/events\(query)").dropLast()
        case .longPoll: return try server.page("\(base)/events\(query.isEmpty ? "?" : query + "&")wait=30").dropLast()
        }
    }

    @Test(arguments: Transport.allCases) func `a position resumes with exactly the next event`(transport: Transport) throws {
        let server = try TestServer()
        let first = try server.publish("builds", Array(Self.values[..<7])).last
        try server.publish("builds", Array(Self.values[7...]))
        let lines = try read(server, transport, "?after=\(first)", events: 13)
        #expect(try Line(lines[0]).start == "exact")
        #expect(lines.events == Array(Self.values[7...]))
    }

    @Test(arguments: Transport.allCases) func `earliest begins with the first event`(transport: Transport) throws {
        let server = try TestServer()
        let first = try server.publish("builds", Self.values).first
        let lines = try read(server, transport, "?after=earliest", events: 20)
        #expect(lines.events == Self.values)
        #expect(try Line(lines[0]).value["first"]?.string == first.description)
    }

    @Test(arguments: Transport.allCases) func `a line is the same bytes over all transports`(transport: Transport) throws {
        let server = try TestServer()
        try server.publish("builds", [#"{"a": [1,  2.0, "ü\u00e9\ud83d"] , "b":12345678901234567890}"#])
        let reference = try server.page("/v1/topics/builds/events?after=earliest")[1]
        #expect(try read(server, transport, "?after=earliest", events: 1)[1] == reference)
        #expect(reference.contains(#"{"a": [1,  2.0, "ü\u00e9\ud83d"] , "b":12345678901234567890}"#))
    }

    static let invalid = [
        ("", "malformed"), ("nonsense", "malformed"), ("-1", "malformed"), ("0001-aaaaa-00000000001", "malformed"),
        ("0001-aaaaa--000000001", "malformed"), ("zzzz-zzzzz-0000000001", "epoch"), ("0001-00000-0000000001", "epoch"),
    ]

    @Test(arguments: invalid, Transport.allCases) func `what is no position of the topic is told as a gap, then all that is kept`(
        position: (text: String, reason: String), transport: Transport
    ) throws {
        let server = try TestServer()
        try server.publish("builds", Self.values)
        let lines = try read(server, transport, "?after=\(position.text)", events: 20, controls: 2)
        #expect(try Line(lines[0]).start == "gap")
        #expect(try Line(lines[0]).reason == position.reason)
        #expect(try Line(lines[1]).type == "gap")
        #expect(try Line(lines[1]).value["to"]?.string == Position.origin.description)
        #expect(lines.events == Self.values)
    }

    @Test(arguments: Transport.allCases) func `a position past the end is told as a gap`(transport: Transport) throws {
        let server = try TestServer()
        let last = try server.publish("builds", Self.values).last
        let future = Position(epoch: last.epoch, offset: last.offset + 1)
        let lines = try read(server, transport, "?after=\(future)", events: 20, controls: 2)
        #expect(try Line(lines[0]).reason == "past_end")
        #expect(lines.events == Self.values)
    }

    @Test(arguments: [Transport.webSocket, .page]) func `a position of which something after was removed is told as a gap`(
        transport: Transport
    )
        throws
    {
        var options = LogOptions()
        options.keptServerEvents = 10
        let server = try TestServer(log: options)
        try server.append([.notice(kind: "first", text: "1")], to: "opencode")
        let page = try server.page("/v1/topics/opencode/events?after=earliest")
        let early = try #require(try Line(page[1]).at)
        // What one commit added is removed together, in a commit of its own behind the next one.
        for number in 2...60 { try server.append([.notice(kind: "more", text: "\(number)")], to: "opencode") }
        server.settle()
        let target = "/v1/topics/opencode"
        let lines =
            try transport == .page
            ? Array(server.page("\(target)/events?after=\(early)").dropLast())
            : server.webSocket("\(target)/websocket?after=\(early)").lines(3)
        #expect(try Line(lines[0]).start == "gap")
        #expect(try Line(lines[0]).reason == "compacted")
        let gap = try Line(lines[1])
        #expect(gap.type == "gap" && gap.reason == "compacted" && gap.value["from"]?.string == early.description)
        let to = try #require(gap.value["to"]?.string.flatMap { Position($0) })
        #expect(to > early)
        #expect(try Line(lines[2]).at?.offset == to.offset + 1)
        #expect(try Line(lines[0]).value["first"]?.string == Line(lines[2]).at?.description)
        // A client that goes on from the gap is told nothing more of it.
        let again = try server.page("\(target)/events?after=\(to)")
        #expect(try Line(again[0]).start == "exact")
    }

    @Test func `without a position only what comes from now on is told`() throws {
        let server = try TestServer()
        try server.publish("builds", Self.values)
        let socket = try server.webSocket("/v1/topics/builds/websocket")
        #expect(try Line(try socket.line()).start == "exact")
        try server.publish("builds", ["true"])
        #expect(try Line(try socket.line()).event == "true")
    }

    @Test func `a topic that is not there is read at the origin, and followed from its first event`() throws {
        let server = try TestServer()
        let page = try server.page("/v1/topics/new/events?after=earliest")
        #expect(page.count == 2)
        #expect(try Line(page[1]).value["position"]?.string == Position.origin.description)
        let socket = try server.webSocket("/v1/topics/new/websocket?after=\(Position.origin)")
        let stream = try server.stream("/v1/topics/new/events?after=earliest")
        _ = try (socket.line(), stream.next())
        try server.publish("new", Self.values)
        #expect(try socket.lines(20).events == Self.values)
        #expect(try (0..<20).map { _ in try Line(try #require(try stream.next()).data).event } == Self.values)
    }

    @Test func `an event stream carries ids, and takes the last one back before the URL's position`() throws {
        let server = try TestServer()
        let ends = try server.publish("builds", Self.values)
        let stream = try server.stream("/v1/topics/builds/events?after=earliest")
        #expect(try #require(try stream.next()).id == nil)
        #expect(try #require(try stream.next()).id == Array(ends.first.description.utf8))
        let again = try server.stream("/v1/topics/builds/events?after=earliest", headers: [("last-event-id", ends.last.description)])
        _ = try again.next()
        try server.publish("builds", ["1"])
        #expect(try Line(try #require(try again.next()).data).event == "1")
    }

    @Test func `a page is bounded and says where to go on`() throws {
        let server = try TestServer()
        try server.publish("builds", Self.values)
        var after = "earliest"
        var events: [String] = []
        var pages = 0
        while true {
            let lines = try server.page("/v1/topics/builds/events?after=\(after)&limit=7")
            events += lines.events
            pages += 1
            let end = try Line(try #require(lines.last))
            #expect(end.type == "end")
            after = try #require(end.value["position"]?.string)
            if after == end.value["head"]?.string { break }
        }
        #expect(events == Self.values)
        #expect(pages == 3)
    }

    @Test func `a long-poll is held until there is an event`() throws {
        let server = try TestServer()
        let last = try server.publish("builds", ["0"]).last
        let poll = try TestSocket(port: server.port)
        poll.write(
            "GET /v1/topics/builds/events?after=\(last)&wait=60 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(TestServer.token)\r\n\r\n"
        )
        // Another request over the same loops is answered while the first one waits.
        #expect(try server.ask("GET", "/healthz").status == 200)
        try server.publish("builds", ["1"])
        var decoder = HTTPResponseDecoder()
        decoder.expect(method: "GET")
        var body: [UInt8] = []
        reading: while let bytes = try poll.read() {
            decoder.receive(bytes)
            while true {
                let action = decoder.next()
                if case .body(let more) = action { body += more }
                if case .end = action { break reading }
                if case .needMore = action { break }
            }
        }
        #expect(String(decoding: body, as: UTF8.self).split(separator: "\n").map(String.init).events == ["1"])
    }

    @Test func `a topic that is removed is told to its readers as a gap at once, and they get what comes when it is made again`() throws {
        let server = try TestServer()
        let last = try server.publish("builds", Self.values).last
        let socket = try server.webSocket("/v1/topics/builds/websocket?after=\(last)")
        _ = try socket.line()
        #expect(try server.ask("DELETE", "/v1/topics/builds").status == 204)
        let gap = try Line(try socket.line())
        #expect(gap.type == "gap" && gap.reason == "epoch" && gap.value["to"]?.string == Position.origin.description)
        try server.publish("builds", ["1"])
        #expect(try socket.lines(1).events == ["1"])
    }

    @Test func `a replay packs many lines in a message, live one line is one`() throws {
        let server = try TestServer()
        try server.publish("builds", Self.values)
        let socket = try server.webSocket("/v1/topics/builds/websocket?after=earliest")
        _ = try socket.lines(21)
        #expect(socket.messages == 2)
        try server.publish("builds", Self.values)
        _ = try socket.lines(20)
        #expect(socket.messages == 22)
    }
}
