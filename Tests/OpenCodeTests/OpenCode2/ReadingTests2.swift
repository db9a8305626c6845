import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct ReadingTests2 {
    private let adapter = OpenCode2()
    private static func error(_ status: Int, _ tag: String) -> UpstreamAnswer {
        .json(#"{"_tag":"\#(tag)","message":"no"}"#, status: status)
    }

    private static func row(_ number: Int) -> String { #"{"id":"msg_\#(number)","type":"user","time":{"created":\#(number)},"text":"t"}"# }

    private func table(
        row: UpstreamAnswer = .json(#"{"data":{"id":"ses_1","time":{"created":1,"updated":2},"location":{"directory":"/p"}}}"#),
        active: String = "",
        messages: [UpstreamAnswer], inbox: String = "", permissions: UpstreamAnswer = .json(#"{"data":[]}"#)
    ) -> [(request: String, answers: [UpstreamAnswer])] {
        let log = UpstreamAnswer.answered(
            status: 200, isJSON: false, headers: [],
            body: Array("data: {\"type\":\"log.synced\",\"aggregateID\":\"ses_1\",\"seq\":19}\n\n".utf8))
        return [
            ("GET /api/experimental/session/ses_1/log", [log]), ("GET /api/session/ses_1/permission", [permissions]),
            ("GET /api/session/ses_1/form", [.json(#"{"data":[]}"#)]), ("GET /api/session/ses_1/inbox", [.json(#"{"data":[\#(inbox)]}"#)]),
            ("GET /api/session/ses_1/message", messages), ("GET /api/session/active", [.json(#"{"data":{\#(active)}}"#)]),
            ("GET /api/session/ses_1", [row]),
        ]
    }

    private func read(until: String? = nil, limit: Int = 2, _ table: [(request: String, answers: [UpstreamAnswer])]) -> (
        SessionRead?, [String]
    ) {
        var conversation = Conversation<SessionRead>(table)
        let result = conversation.run(adapter.readSession("ses_1", directory: nil, until: until, limit: limit))
        return (try? result.get(), conversation.asked)
    }

    @Test func `the count is asked before all else`() throws {
        let (read, asked) = read(table(messages: [.json(#"{"data":[\#(Self.row(1))],"cursor":{"next":"c"}}"#)]))
        #expect(asked.first == "GET /api/experimental/session/ses_1/log")
        #expect(try #require(read).sequence == 19)
        #expect(read?.isComplete == true)
        #expect(read?.directory == "/p")
        #expect(read?.status == .idle)
    }

    @Test func `the row is never newer than what is read with it`() throws {
        var reading = adapter.readSession("ses_1", directory: nil, until: nil, limit: 2)
        guard case .send = reading.next([]) else {
            Issue.record("nothing is asked")
            return
        }
        guard case .send(let row) = reading.next([.json("{}", status: 404)]) else {
            Issue.record("the row is not asked")
            return
        }
        #expect(row.map(\.target) == ["/api/session/ses_1"])
        guard case .send(let rest) = reading.next([.json(#"{"data":{"id":"ses_1"}}"#)]) else {
            Issue.record("no more is asked")
            return
        }
        #expect(rest.count == 5 && !rest.contains { $0.target == "/api/session/ses_1" })
    }

    @Test func `a server without a count is read all the same`() throws {
        var table = table(messages: [.json(#"{"data":[]}"#)])
        table[0].answers = [.answered(status: 404, isJSON: false, headers: [], body: [])]
        #expect(try #require(read(table).0).sequence == nil)
    }

    @Test func `an older page goes on where a read ended, and asks for nothing else`() throws {
        let pages: [UpstreamAnswer] = [
            .json(#"{"data":[\#(Self.row(9)),\#(Self.row(8))],"cursor":{"next":"a=b"}}"#),
            .json(#"{"data":[\#(Self.row(7)),\#(Self.row(6))],"cursor":{"next":"c"}}"#),
        ]
        var conversation = Conversation<SessionRead>(table(messages: pages))
        let first = try conversation.run(adapter.readSession("ses_1", directory: nil, until: nil, limit: 2)).get()
        let cursor = try #require(first.older)
        let asked = conversation.asked.count
        let read = try conversation.run(adapter.readOlder("ses_1", directory: "/p", before: cursor, limit: 2)).get()
        #expect(conversation.asked.dropFirst(asked) == ["GET /api/session/ses_1/message?limit=2&cursor=a%3Db"])
        #expect(read.messages.map(\.id) == ["msg_6", "msg_7"])
        #expect(read.older == "c" && !read.isComplete && read.row == nil && read.status == nil && read.sequence == nil)
    }

    @Test func `older pages are asked up to what is known`() throws {
        let pages: [UpstreamAnswer] = [
            .json(#"{"data":[\#(Self.row(9)),\#(Self.row(8))],"cursor":{"next":"a=b"}}"#),
            .json(#"{"data":[\#(Self.row(7)),\#(Self.row(6))],"cursor":{"next":"c"}}"#),
            .json(#"{"data":[\#(Self.row(5))],"cursor":{"next":"d"}}"#),
        ]
        // Pages are of a hundred rows, or of the limit if that is less.
        let (known, asked) = read(until: "msg_9", limit: 2, table(messages: pages))
        #expect(try #require(known).messages.map(\.id) == ["msg_8", "msg_9"])
        #expect(asked.count == 7)
        #expect(known?.isComplete == false)
    }

    @Test func `a session that is gone is told by its tag alone`() throws {
        #expect(try #require(read(table(row: Self.error(404, "SessionNotFoundError"), messages: [.json(#"{"data":[]}"#)])).0).isGone)
        #expect(read(table(row: Self.error(404, "LocationNotFoundError"), messages: [.json(#"{"data":[]}"#)])).0 == nil)
    }

    @Test func `a missing directory hides its requests, not the session`() throws {
        let (read, _) = read(table(messages: [.json(#"{"data":[]}"#)], permissions: Self.error(404, "LocationNotFoundError")))
        #expect(try #require(read).isGone == false)
        #expect(read?.permissions == nil)
    }

    @Test func `a retry that waits is the status`() throws {
        let answer =
            #"{"id":"msg_2","type":"assistant","time":{"created":2},"content":[],"retry":{"attempt":3,"at":99,"error":{"type":"t","message":"slow"}}}"#
        let (read, _) = read(table(active: #""ses_1":{"type":"running"}"#, messages: [.json(#"{"data":[\#(answer),\#(Self.row(1))]}"#)]))
        #expect(try #require(read).status == .retry(attempt: 3, message: Array("slow".utf8), next: 99))
        #expect(read?.messages.last?.parts.map(\.id) == ["msg_2.retry"])
    }

    @Test func `the queue holds what others put there`() throws {
        let items =
            #"{"id":"msg_5","type":"user","time":{"created":5},"payload":{"text":"a"},"delivery":"queue"},{"id":"msg_6","type":"synthetic","time":{"created":6},"payload":{"text":"b"},"delivery":"steer"}"#
        let (read, _) = read(table(messages: [.json(#"{"data":[]}"#)], inbox: items))
        let queue = try #require(read?.queue).map { $0 }
        #expect(
            String(decoding: queue, as: UTF8.self)
                == #"[{"id":"msg_5","text":"a","created":5,"by":"upstream","extra":{"delivery":"queue"}}]"#)
    }

    @Test func `rows that no event tells are messages all the same`() throws {
        let rows = [
            #"{"id":"msg_9","type":"idle","outcome":"succeeded","time":{"created":9}}"#,
            #"{"id":"msg_8","type":"dream","time":{"created":8},"x":1}"#,
            #"{"id":"msg_7","type":"skill","skill":"skl","name":"review","text":"do","time":{"created":7}}"#,
            #"{"id":"msg_6","type":"location-switched","location":{"directory":"/q"},"previous":{"location":{"directory":"/p"}},"time":{"created":6}}"#,
            #"{"id":"msg_5","type":"compaction","status":"failed","reason":"auto","error":{"type":"t","message":"m"},"time":{"created":5}}"#,
        ]
        let (read, _) = read(limit: 50, table(messages: [.json(#"{"data":[\#(rows.joined(separator: ","))]}"#)]))
        let messages = try #require(read).messages
        #expect(messages.map(\.id) == ["msg_5", "msg_6", "msg_7", "msg_8"])
        #expect(messages.map { $0.parts.map(\.id) } == [["msg_5.c"], ["msg_6.w"], ["msg_7.s0", "msg_7.t0"], []])
        #expect(
            String(decoding: messages[0].parts[0].object, as: UTF8.self).hasSuffix(
                #""state":"failed","auto":true,"error":{"name":"t","message":"m"}}"#))
        #expect(String(decoding: messages[3].object, as: UTF8.self).contains(#""extra":{"id":"msg_8","type":"dream""#))
    }

    @Test func `the list says who runs`() throws {
        let rows = (1...100).map { #"{"id":"ses_\#($0)","time":{"created":1,"updated":2},"location":{"directory":"/p"}}"# }.joined(
            separator: ",")
        var conversation = Conversation<SessionListRead>([
            ("GET /api/session/active", [.json(#"{"data":{"ses_2":{"type":"running"}}}"#)]),
            ("GET /api/session?limit=100&cursor=n%3D", [.json(#"{"data":[],"cursor":{"next":null}}"#)]),
            ("GET /api/session?limit=100", [.json(#"{"data":[\#(rows)],"cursor":{"next":"n="}}"#)]),
        ])
        let list = try conversation.run(adapter.listSessions(pages: 5)).get()
        #expect(list.sessions.count == 100)
        #expect(list.active == ["ses_2"])
        #expect(list.sessions[1].status == .busy)
        #expect(list.sessions[0].directory == "/p")
        #expect(conversation.asked.count == 3)
    }

    @Test func `a session that moves to the next page meanwhile is listed once`() throws {
        let rows = (1...100).map { #"{"id":"ses_\#($0)","time":{"created":1,"updated":2},"location":{"directory":"/p"}}"# }
        let (first, second) = (rows.joined(separator: ","), rows[98...].joined(separator: ","))
        var conversation = Conversation<SessionListRead>([
            ("GET /api/session/active", [.json(#"{"data":{}}"#)]),
            ("GET /api/session?limit=100&cursor=n", [.json(#"{"data":[\#(second)],"cursor":{"next":null}}"#)]),
            ("GET /api/session?limit=100", [.json(#"{"data":[\#(first)],"cursor":{"next":"n"}}"#)]),
        ])
        let list = try conversation.run(adapter.listSessions(pages: 5)).get()
        #expect(list.sessions.map(\.session) == (1...100).map { "ses_\($0)" })
    }

    @Test func `an answer that is too large is asked for by halves`() throws {
        let page = UpstreamAnswer.json(#"{"data":[\#(Self.row(2))],"cursor":{"next":"c"}}"#)
        let (read, asked) = read(limit: 8, table(messages: [.tooLarge, .tooLarge, .tooLarge, page, .json(#"{"data":[],"cursor":{}}"#)]))
        let pages = asked.filter { $0.contains("/message?") }
        #expect(pages.map { $0.split(separator: "?").last } == ["limit=8", "limit=4", "limit=2", "limit=1", "limit=1&cursor=c"])
        #expect(read?.messages.map(\.id) == ["msg_2"] && read?.isComplete == true && read?.isBeyondBounds == false)
    }

    @Test func `a message that is too large alone ends the read, which says so`() throws {
        let page = UpstreamAnswer.json(#"{"data":[\#(Self.row(2))],"cursor":{"next":"c"}}"#)
        let (read, asked) = read(limit: 2, table(messages: [.tooLarge, page, .tooLarge]))
        #expect(asked.count { $0.contains("/message?") } == 3)
        #expect(read?.messages.map(\.id) == ["msg_2"] && read?.isBeyondBounds == true)
        #expect(read?.isComplete == false && read?.older == nil)
    }

    @Test(
        arguments: [
            ("/log", nil), ("/permission", "its permissions"), ("/form", "its questions"), ("/inbox", "its inbox"),
            ("/active", "the list of sessions that run"), ("/ses_1", "its row"),
        ] as [(String, String?)]) func `what is too large beside the messages is read as if it were not asked`(part: String, what: String?)
        throws
    {
        var table = table(messages: [.json(#"{"data":[\#(Self.row(1))],"cursor":{}}"#)])
        for place in table.indices where table[place].request.hasSuffix(part) { table[place].answers = [.tooLarge] }
        let read = try #require(read(table).0)
        #expect(read.tooLarge == [what].compactMap { $0 })
        #expect(read.messages.map(\.id) == ["msg_1"] && read.isComplete && !read.isGone)
        #expect((read.row == nil) == (part == "/ses_1") && (read.sequence == nil) == (part == "/log"))
        #expect((read.permissions == nil) == (part == "/permission") && (read.questions == nil) == (part == "/form"))
        #expect((read.inbox == nil) == (part == "/inbox") && (read.status == nil) == (part == "/active"))
    }

    @Test func `a list that is too large is asked for by halves, and ends where a row alone is`() throws {
        let list = { (ids: ClosedRange<Int>) in
            let rows = ids.map { #"{"id":"ses_\#($0)","time":{"created":1,"updated":2}}"# }.joined(separator: ",")
            return UpstreamAnswer.json(#"{"data":[\#(rows)],"cursor":{"next":"c\#(ids.upperBound)"}}"#)
        }
        var conversation = Conversation<SessionListRead>([
            ("GET /api/session/active", [.tooLarge]),
            ("GET /api/session", [.tooLarge, .tooLarge, list(1...25), .tooLarge, list(26...50), .tooLarge]),
        ])
        let read = try conversation.run(adapter.listSessions(pages: 5)).get()
        #expect(read.sessions.map(\.session) == (1...50).map { "ses_\($0)" })
        #expect(read.tooLarge == ["the list of sessions that run", "the rest of the list of sessions"])
        let limits = conversation.asked.compactMap { $0.split(separator: "limit=").dropFirst().first }
        #expect(
            limits == [
                "100", "50", "25", "50&cursor=c25", "25&cursor=c25", "50&cursor=c50", "25&cursor=c50", "12&cursor=c50", "6&cursor=c50",
                "3&cursor=c50", "1&cursor=c50",
            ])
        #expect(conversation.asked.count { $0.hasSuffix("/active") } == 1)
    }

    // What upstream lists wrongly must not pass for "there is nothing": what is missing is taken for removed.

    @Test(
        arguments: [
            ("/message", #"{"data":{}}"#), ("/message", #"{"data":null}"#), ("/message", "{}"), ("/permission", #"{"data":{}}"#),
            ("/form", "{}"), ("/inbox", #"{"data":null}"#), ("/active", #"{"data":[]}"#), ("/active", #"{"data":null}"#),
            ("/ses_1", #"{"data":[]}"#),
        ]) func `an answer of another shape is no empty one`(part: String, body: String)
    {
        var table = table(messages: [.json(#"{"data":[]}"#)])
        for place in table.indices where table[place].request.hasSuffix(part) { table[place].answers = [.json(body)] }
        var conversation = Conversation<SessionRead>(table)
        #expect(throws: UpstreamFailure.unexpected(status: 200, detail: "a session")) {
            try conversation.run(adapter.readSession("ses_1", directory: nil, until: nil, limit: 2)).get()
        }
    }

    @Test(arguments: [(#"{"data":null}"#, #"{"data":{}}"#), (#"{"data":[]}"#, #"{"data":[]}"#)])
    func `a list of sessions of another shape is no empty one`(list: String, active: String) {
        var conversation = Conversation<SessionListRead>([
            ("GET /api/session/active", [.json(active)]), ("GET /api/session", [.json(list)]),
        ])
        #expect(throws: UpstreamFailure.self) { try conversation.run(adapter.listSessions(pages: 1)).get() }
    }

    @Test func `a page that points at itself is the last, and nothing is known of what stands before it`() throws {
        let rows = (1...100).reversed().map(Self.row).joined(separator: ",")
        let page = UpstreamAnswer.json(#"{"data":[\#(rows)],"cursor":{"next":"c"}}"#)
        let (read, asked) = read(limit: 1000, table(messages: [page]))
        #expect(asked.count { $0.contains("/message?") } == 2)
        #expect(read?.isComplete == false && read?.older == nil)
    }
}
