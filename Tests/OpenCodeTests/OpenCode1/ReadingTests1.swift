import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct ReadingTests1 {
    private func row(_ id: String, updated: Int, directory: String = "/p") -> String {
        #"{"id":"\#(id)","directory":"\#(directory)","title":"t","time":{"created":1,"updated":\#(updated)}}"#
    }

    private func entry(_ id: String, _ role: String = "user", created: Int) -> String {
        #"{"info":{"id":"\#(id)","sessionID":"ses_1","role":"\#(role)","time":{"created":\#(created)}},"parts":[]}"#
    }

    @Test func `lists the sessions of all directories and who is busy`() throws {
        var conversation = Conversation<SessionListRead>([
            (
                "GET /experimental/session?archived=true&limit=100",
                [.json("[\(row("ses_1", updated: 5)),\(row("ses_2", updated: 4, directory: "/q"))]")]
            ),
            ("GET /session/status?directory=%2Fp", [.json(#"{"ses_1":{"type":"busy"}}"#)]),
            ("GET /session/status?directory=%2Fq", [.json("{}")]),
        ])
        let list = try conversation.run(OpenCode1().listSessions(pages: 3)).get()
        #expect(list.sessions.map(\.session) == ["ses_1", "ses_2"])
        #expect(list.sessions.map(\.status) == [.busy, .idle])
        #expect(list.active == ["ses_1"])
    }

    @Test func `a session that shares its millisecond with a page's last is not skipped`() throws {
        let first = (0..<100).map { row("ses_\($0)", updated: max(200 - $0, 102)) }.joined(separator: ",")
        let second = [row("ses_99", updated: 102), row("ses_x", updated: 102)].joined(separator: ",")
        var conversation = Conversation<SessionListRead>([
            ("GET /experimental/session?archived=true&limit=100&cursor=103", [.json("[\(second)]")]),
            ("GET /experimental/session", [.json("[\(first)]")]), ("GET /session/status", [.json("{}")]),
        ])
        let list = try conversation.run(OpenCode1().listSessions(pages: 3)).get()
        #expect(list.sessions.count == 101)
    }

    @Test func `a page that ends at the highest time there is was the last`() throws {
        let page = (0..<100).map { row("ses_\($0)", updated: .max) }.joined(separator: ",")
        var conversation = Conversation<SessionListRead>([
            ("GET /experimental/session", [.json("[\(page)]")]), ("GET /session/status", [.json("{}")]),
        ])
        let list = try conversation.run(OpenCode1().listSessions(pages: 3)).get()
        #expect(list.sessions.count == 100)
        #expect(conversation.asked.count == 2)
    }

    private func session(_ pages: [(request: String, answers: [UpstreamAnswer])]) -> Conversation<SessionRead> {
        Conversation(
            pages + [
                ("GET /session/ses_1/todo", [.json(#"[{"content":"c","status":"pending","priority":"high"}]"#)]),
                ("GET /session/status?directory=%2Fp", [.json(#"{"ses_1":{"type":"retry","attempt":2,"message":"m","next":9}}"#)]),
                ("GET /permission?directory=%2Fp", [.json(#"[{"id":"per_1","sessionID":"ses_1"},{"id":"per_2","sessionID":"ses_2"}]"#)]),
                ("GET /question?directory=%2Fp", [.json("[]")]), ("GET /session/ses_1", [.json(row("ses_1", updated: 1))]),
            ])
    }

    @Test func `reads a session, its directory's lists once the directory is known`() throws {
        var conversation = session([
            ("GET /session/ses_1/message", [.json("[\(entry("m1", created: 1)),\(entry("m2", "assistant", created: 2))]")])
        ])
        let read = try conversation.run(OpenCode1().readSession("ses_1", directory: nil, until: nil, limit: 25)).get()
        #expect(read.directory == "/p")
        #expect(read.messages.map(\.id) == ["m1", "m2"])
        #expect(read.isComplete)
        #expect(read.status == .retry(attempt: 2, message: Array("m".utf8), next: 9))
        #expect(read.permissions?.map(\.id) == ["per_1"])
        #expect(read.questions?.isEmpty == true)
        #expect(
            read.tasks.map { String(decoding: $0, as: UTF8.self) } == #"[{"id":"1","content":"c","status":"pending","priority":"high"}]"#)
    }

    @Test func `pages back to the message that is known whole`() throws {
        let more = UpstreamAnswer.json("[\(entry("m3", created: 3))]", headers: [("X-Next-Cursor", "a=")])
        let until = UpstreamAnswer.json("[\(entry("m2", created: 2))]", headers: [("x-next-cursor", "b")])
        var conversation = session([
            ("GET /session/ses_1/message?limit=25&before=a%3D", [until]), ("GET /session/ses_1/message?limit=25", [more]),
        ])
        let read = try conversation.run(OpenCode1().readSession("ses_1", directory: "/p", until: "m2", limit: 100)).get()
        #expect(read.messages.map(\.id) == ["m2", "m3"])
        #expect(!read.isComplete)
    }

    @Test func `an older page goes on where a read ended, and asks for nothing else`() throws {
        let newest = UpstreamAnswer.json("[\(entry("m3", created: 3))]", headers: [("X-Next-Cursor", "a=")])
        let older = UpstreamAnswer.json("[\(entry("m1", created: 1)),\(entry("m2", created: 2))]", headers: [("X-Next-Cursor", "b")])
        var conversation = session([
            ("GET /session/ses_1/message?limit=2&before=a%3D", [older]), ("GET /session/ses_1/message?limit=1", [newest]),
        ])
        let first = try conversation.run(OpenCode1().readSession("ses_1", directory: "/p", until: nil, limit: 1)).get()
        let cursor = try #require(first.older)
        let asked = conversation.asked.count
        let read = try conversation.run(OpenCode1().readOlder("ses_1", directory: "/p", before: cursor, limit: 2)).get()
        #expect(conversation.asked.dropFirst(asked) == ["GET /session/ses_1/message?limit=2&before=a%3D"])
        #expect(read.messages.map(\.id) == ["m1", "m2"])
        #expect(read.older == "b" && !read.isComplete && read.row == nil && read.status == nil && read.permissions == nil)
    }

    @Test func `a session that is not there is gone, a server that is not there is not`() throws {
        let gone = UpstreamAnswer.json(#"{"name":"NotFoundError","data":{"message":"Session not found: ses_1"}}"#, status: 404)
        var conversation = Conversation<SessionRead>([("GET /session/ses_1", [gone]), ("GET", [.json("[]")])])
        #expect(try conversation.run(OpenCode1().readSession("ses_1", directory: "/p", until: nil, limit: 25)).get().isGone)
        var dead = Conversation<SessionRead>([("GET", [.unreachable(mayHaveArrived: false)])])
        #expect(throws: UpstreamFailure.unreachable) {
            try dead.run(OpenCode1().readSession("ses_1", directory: "/p", until: nil, limit: 25)).get()
        }
    }

    @Test func `a directory whose configuration is broken is read as far as it goes`() throws {
        let broken = UpstreamAnswer.json(#"{"name":"ConfigJsonError","data":{"path":"/p/opencode.json","message":"x"}}"#, status: 400)
        var conversation = Conversation<SessionRead>([("GET", [broken])])
        let read = try conversation.run(OpenCode1().readSession("ses_1", directory: "/p", until: nil, limit: 25)).get()
        #expect(!read.isGone && !read.isComplete)
        #expect(read.row == nil && read.status == nil && read.messages.isEmpty)
        var listing = Conversation<SessionListRead>([
            ("GET /experimental/session", [.json("[\(row("ses_1", updated: 5))]")]), ("GET", [broken]),
        ])
        let list = try listing.run(OpenCode1().listSessions(pages: 1)).get()
        #expect(list.sessions.count == 1)
        #expect(list.sessions.first?.status == nil)
        var failing = Conversation<SessionRead>([("GET", [.json("{}", status: 500)])])
        #expect(throws: UpstreamFailure.self) {
            try failing.run(OpenCode1().readSession("ses_1", directory: "/p", until: nil, limit: 25)).get()
        }
    }

    @Test func `a compaction is over when its summary is`() throws {
        for (rest, state) in [("", "running"), (#","completed":3"#, "completed")] {
            let summary = #"{"info":{"id":"m2","role":"assistant","parentID":"m1","summary":true,"time":{"created":2\#(rest)}},"parts":[]}"#
            let asked =
                #"{"info":{"id":"m1","role":"user","time":{"created":1}},"parts":[{"id":"p1","messageID":"m1","type":"compaction","auto":true}]}"#
            var conversation = session([("GET /session/ses_1/message", [.json("[\(asked),\(summary)]")])])
            let read = try conversation.run(OpenCode1().readSession("ses_1", directory: "/p", until: nil, limit: 25)).get()
            #expect(
                read.messages.first?.parts.first.map { String(decoding: $0.object, as: UTF8.self) }
                    == #"{"id":"p1","message":"m1","type":"compaction","state":"\#(state)","auto":true}"#)
        }
    }

    @Test func `secrets and SQL are not carried`() throws {
        var driven = Driven1.running()
        let said = driven.assistant(
            "m2",
            #","error":{"name":"APIError","data":{"message":"no","statusCode":401,"isRetryable":false,"responseHeaders":{"x-key":"sk-1"},"responseBody":"sk-2","metadata":{"url":"https://k"}}}"#
        )
        #expect(said.first?.contains(#""error":{"name":"APIError","message":"no","status":401,"retryable":false}"#) == true)
        #expect(said.first?.contains("sk-") == false)
        driven.completed("m2")
        driven.status("idle")
        let leak = driven.receive(
            "session.error",
            #"{"sessionID":"ses_1","error":{"name":"UnknownError","data":{"message":"EffectDrizzleQueryError: Failed query: insert into \"part\" values (?)\nparams: secret"}}}"#
        )
        #expect(leak == [#"{"type":"error","error":{"name":"UnknownError","message":"EffectDrizzleQueryError: Failed query"}}"#])
    }

    // Routing.

    @Test func `whose frame it is`() {
        let adapter = OpenCode1()
        for (text, route) in [
            (#"{"payload":{"type":"server.connected","properties":{}}}"#, FrameRoute.connected),
            (#"{"payload":{"type":"server.heartbeat","properties":{}}}"#, .ignored),
            (#"{"payload":{"type":"plugin.added","properties":{"id":"x"}}}"#, .ignored),
            (#"{"payload":{"type":"session.idle","properties":{"sessionID":"ses_1"}}}"#, .ignored),
            (#"{"payload":{"type":"message.updated","properties":{"info":{"id":"msg_1","sessionID":"ses_1"}}}}"#, .session("ses_1")),
            (#"{"payload":{"type":"message.part.updated","properties":{"part":{"id":"prt_1","sessionID":"ses_1"}}}}"#, .session("ses_1")),
            (#"{"payload":{"type":"session.updated","properties":{"info":{"id":"ses_1"}}}}"#, .session("ses_1")),
            (#"{"payload":{"type":"sync","syncEvent":{"type":"x.1","seq":1,"aggregateID":"ses_1","data":{}}}}"#, .session("ses_1")),
            (#"{"payload":{"type":"command.executed","properties":{"sessionID":"ses_1"}}}"#, .session("ses_1")),
            (#"{"payload":{"type":"pty.created","properties":{"info":{"id":"pty_1"}}}}"#, .server),
            (#"{"payload":{"type":"tui.session.select","properties":{"sessionID":"ses_1"}}}"#, .server),
            (#"{"directory":"global","payload":{"type":"project.updated","properties":{"id":"p"}}}"#, .server), (#"{}"#, .server),
        ] { #expect(adapter.route(Driven1.parsed(text)) == route, "\(text)") }
    }

    @Test func `of a terminal only type and ids are kept`() {
        let frame = Driven1.parsed(#"{"payload":{"type":"pty.created","properties":{"info":{"id":"pty_1","command":"pass"}}}}"#)
        #expect(
            OpenCode1().serverEvent(frame).map { String(decoding: $0.payload, as: UTF8.self) }
                == #"{"type":"upstream","payload":{"type":"pty.created","properties":{"id":"pty_1"}}}"#)
    }

    @Test func `an answer that is too large is asked for by halves, down to one message`() throws {
        let message = #"[{"info":{"id":"msg_2","role":"user","time":{"created":2}},"parts":[]}]"#
        let page = UpstreamAnswer.answered(
            status: 200, isJSON: true, headers: [(name: "X-Next-Cursor", value: "c")], body: Array(message.utf8))
        func read(_ pages: [UpstreamAnswer]) throws -> (read: SessionRead, limits: [String]) {
            var conversation = Conversation<SessionRead>([
                ("GET /session/ses_1/message", pages), ("GET /session/ses_1/todo", [.json("[]")]),
                ("GET /session/status", [.json("{}")]), ("GET /permission", [.json("[]")]), ("GET /question", [.json("[]")]),
                ("GET /session/ses_1", [.json(#"{"id":"ses_1","directory":"/p","time":{"created":1,"updated":2}}"#)]),
            ])
            let read = try conversation.run(OpenCode1().readSession("ses_1", directory: nil, until: nil, limit: 4)).get()
            return (
                read, conversation.asked.filter { $0.contains("/message?") }.compactMap { $0.split(separator: "?").last.map(String.init) }
            )
        }
        let whole = try read([.tooLarge, .tooLarge, page, .json("[]")])
        #expect(whole.limits == ["limit=4", "limit=2", "limit=1", "limit=1&before=c"])
        #expect(whole.read.messages.map(\.id) == ["msg_2"] && whole.read.isComplete && !whole.read.isBeyondBounds)
        let cut = try read([.tooLarge, .tooLarge, page, .tooLarge])
        #expect(cut.read.messages.map(\.id) == ["msg_2"] && cut.read.isBeyondBounds)
        #expect(!cut.read.isComplete && cut.read.older == nil)
    }

    private static let parts = [
        ("GET /session/ses_1/todo", "its tasks"), ("GET /session/status", "the status of its directory's sessions"),
        ("GET /permission", "the permissions asked in its directory"), ("GET /question", "the questions asked in its directory"),
        ("GET /session/ses_1", "its row"),
    ]

    @Test(arguments: parts) func `what is too large beside the messages is read as if it were not asked`(part: String, what: String) throws
    {
        var conversation = session([("GET /session/ses_1/message", [.json("[\(entry("msg_1", created: 1))]")])])
        for place in conversation.table.indices where conversation.table[place].request.hasPrefix(part) {
            if part != "GET /session/ses_1" || conversation.table[place].request == part { conversation.table[place].answers = [.tooLarge] }
        }
        let read = try conversation.run(OpenCode1().readSession("ses_1", directory: "/p", until: nil, limit: 25)).get()
        #expect(read.tooLarge == [what])
        #expect(read.messages.map(\.id) == ["msg_1"] && read.isComplete && !read.isGone)
        #expect((read.row == nil) == (what == "its row") && (read.tasks == nil) == (what == "its tasks"))
        #expect((read.permissions == nil) == what.contains("permissions") && (read.questions == nil) == what.contains("questions"))
        #expect((read.status == nil) == what.contains("status"))
    }

    @Test func `a list that is too large is asked for by halves, and ends where a row alone is`() throws {
        let list = { (ids: [Int]) in
            UpstreamAnswer.json("[" + ids.map { row("ses_\($0)", updated: 1000 - $0) }.joined(separator: ",") + "]")
        }
        var conversation = Conversation<SessionListRead>([
            ("GET /session/status", [.json("{}")]),
            ("GET /experimental/session", [.tooLarge, .tooLarge, list(Array(1...25)), .tooLarge, list(Array(25...49)), .tooLarge]),
        ])
        let read = try conversation.run(OpenCode1().listSessions(pages: 5)).get()
        #expect(read.sessions.map(\.session) == (1...49).map { "ses_\($0)" })
        #expect(read.tooLarge == ["the rest of the list of sessions"])
        let limits = conversation.asked.compactMap { $0.split(separator: "limit=").dropFirst().first }
        #expect(
            limits == [
                "100", "50", "25", "50&cursor=976", "25&cursor=976", "50&cursor=952", "25&cursor=952", "12&cursor=952", "6&cursor=952",
                "3&cursor=952", "2&cursor=952",
            ])
        #expect(read.sessions.allSatisfy { $0.status == .idle }, "the status is asked all the same")
    }

    // What upstream lists wrongly must not pass for "there is nothing": what is missing is taken for removed.

    @Test(
        arguments: [
            ("GET /session/ses_1/message", "{}"), ("GET /session/ses_1/message", "null"), ("GET /session/ses_1/todo", "{}"),
            ("GET /session/status", "[]"), ("GET /permission", "{}"), ("GET /question", "null"), ("GET /session/ses_1", "[]"),
        ]) func `an answer of another shape is no empty one`(part: String, body: String)
    {
        var conversation = session([("GET /session/ses_1/message", [.json("[]")])])
        for place in conversation.table.indices where conversation.table[place].request.hasPrefix(part) {
            if part != "GET /session/ses_1" || conversation.table[place].request == part {
                conversation.table[place].answers = [.json(body)]
            }
        }
        #expect(throws: UpstreamFailure.unexpected(status: 200, detail: "a session")) {
            try conversation.run(OpenCode1().readSession("ses_1", directory: "/p", until: nil, limit: 25)).get()
        }
    }

    @Test func `a list of sessions of another shape is no empty one`() throws {
        var listing = Conversation<SessionListRead>([("GET /experimental/session", [.json("{}")]), ("GET /session/status", [.json("{}")])])
        #expect(throws: UpstreamFailure.unexpected(status: 200, detail: "the list of sessions")) {
            try listing.run(OpenCode1().listSessions(pages: 1)).get()
        }
        var statuses = Conversation<SessionListRead>([
            ("GET /experimental/session", [.json("[\(row("ses_1", updated: 5))]")]), ("GET /session/status", [.json("[]")]),
        ])
        #expect(try statuses.run(OpenCode1().listSessions(pages: 1)).get().sessions.first?.status == nil)
    }

    @Test(arguments: ["[]", #"[{"info":{"id":"m3","role":"user","time":{"created":3}},"parts":[]}]"#])
    func `a page that leads nowhere is the last, and nothing is known of what stands before it`(_ second: String) throws {
        var conversation = session([
            (
                "GET /session/ses_1/message?limit=25",
                [
                    .json("[\(entry("m4", created: 4))]", headers: [("X-Next-Cursor", "a")]),
                    .json(second, headers: [("X-Next-Cursor", "a")]),
                ]
            )
        ])
        let read = try conversation.run(OpenCode1().readSession("ses_1", directory: "/p", until: nil, limit: 100)).get()
        #expect(conversation.asked.count { $0.contains("/message?") } == 2)
        #expect(read.messages.map(\.id) == (second == "[]" ? ["m4"] : ["m3", "m4"]))
        #expect(!read.isComplete && read.older == nil)
    }

    @Test func `an error that belongs to no session carries no answer of a provider`() throws {
        let error =
            #"{"name":"APIError","data":{"message":"no","statusCode":401,"isRetryable":false,"responseHeaders":{"x-key":"sk-1"},"responseBody":"sk-2"}}"#
        let frame = Driven1.frame("session.error", #"{"error":\#(error)}"#)
        #expect(OpenCode1().route(frame) == .server)
        #expect(
            OpenCode1().serverEvent(frame).map { String(decoding: $0.payload, as: UTF8.self) }
                == #"{"type":"upstream","payload":{"directory":"/p","payload":{"id":"evt_1","type":"session.error","properties":{"error":{"name":"APIError","message":"no","status":401,"retryable":false}}}}}"#
        )
    }

    @Test func `an error in a frame that nobody knows carries no answer of a provider`() {
        var driven = Driven1.running()
        let said = driven.receive(
            "session.next.retried",
            #"{"sessionID":"ses_1","attempt":2,"error":{"message":"slow","statusCode":429,"isRetryable":true,"responseHeaders":{"a":"sk-1"},"responseBody":"sk-2","metadata":{"k":"sk-3"}}}"#
        )
        #expect(
            said.count == 1
                && said[0].contains(#""attempt":2,"error":{"name":"UnknownError","message":"slow","status":429,"retryable":true}}"#))
        let failed = driven.receive(
            "session.next.tool.failed",
            #"{"sessionID":"ses_1","callID":"c","error":{"type":"unknown","message":"Error: no\n    at f (x.ts:1)"},"result":{"error":"plain"}}"#
        )
        #expect(
            failed.count == 1
                && failed[0].contains(#""error":{"name":"unknown","message":"Error: no"},"result":{"error":"plain"}}"#))
    }
}
