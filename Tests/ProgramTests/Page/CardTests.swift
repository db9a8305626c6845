// The cards of the page in a real browser, on a relay in front of an OpenCode that says what the test wants.

import TestSupport
import Testing
import Wire

@Suite(.ownThread, .serialized, .enabled(if: Chromium.program != nil, "needs Chromium")) struct CardTests {
    private static func row(_ id: String, parent: String? = nil) -> String {
        let parent = parent.map { #","parentID":"\#($0)""# } ?? ""
        return #"{"id":"\#(id)","title":"t","time":{"created":1,"updated":2},"location":{"directory":"/p"}\#(parent)}"#
    }

    /// `ses_1`, and its child `ses_2`.
    private static func opencode() throws -> FakeOpenCode {
        let nothing = FakeOpenCode.Answer.json(#"{"data":[],"cursor":{}}"#)
        let rows = [row("ses_1"), row("ses_2", parent: "ses_1")]
        var answers: [String: FakeOpenCode.Answer] = [
            "/api/info": .json(#"{"version":"2.0.14","pid":1}"#),
            "/api/event": .stream("data: {\"type\":\"server.connected\",\"data\":{}}\n\n"),
            "/api/session": .json(#"{"data":[\#(rows.joined(separator: ","))]}"#), "/api/session/active": .json(#"{"data":{}}"#),
        ]
        for (session, row) in [("ses_1", rows[0]), ("ses_2", rows[1])] {
            answers["/api/session/\(session)"] = .json(#"{"data":\#(row)}"#)
            for part in ["permission", "form", "inbox", "message"] { answers["/api/session/\(session)/\(part)"] = nothing }
        }
        return try FakeOpenCode(answers)
    }

    private static func open(_ opencode: FakeOpenCode) throws -> (RelayProcess, BrowserTab) {
        let relay = try RelayProcess(["--opencode", opencode.url])
        _ = try relay.opencode(is: "connected")
        return (relay, try Chromium(relay.folder).open(relay, session: "ses_1"))
    }

    private static func permission(_ resource: String, of session: String = "ses_1", patch: String? = nil) -> String {
        let files = patch.map { #","metadata":{"files":[{"file":"a","patch":"\#($0)"}]}"# } ?? ""
        return
            #"{"type":"permission.asked","data":{"id":"per_1","sessionID":"\#(session)","action":"shell","resources":["\#(resource)"]\#(files)}}"#
    }

    private static func question(_ title: String, more: String = "") -> String {
        #"{"type":"form.created","data":{"form":{"id":"frm_1","sessionID":"ses_1","title":"\#(title)","fields":[{"key":"q0","type":"string","options":[{"value":"a","label":"A"},{"value":"b","label":"B"}],"custom":true}\#(more)]}}}"#
    }

    private static func resources(_ text: String) -> String { "document.querySelector('.card .resources').textContent === '\(text)'" }

    @Test(.timeLimit(.minutes(3))) func `a permission that is asked in other words is shown in them`() throws {
        let opencode = try Self.opencode()
        let (relay, tab) = try Self.open(opencode)
        opencode.say(Self.permission("make"))
        try tab.wait(until: Self.resources("make"))
        opencode.say(Self.permission("make install"))
        try tab.wait(until: Self.resources("make install"))
        #expect(try tab.evaluate("document.querySelectorAll('.card').length")?.int == 1)
        #expect(try relay.drain() == .exited(0))
    }

    @Test(.timeLimit(.minutes(3))) func `a reply that OpenCode refuses is told, and the card can be answered again`() throws {
        let opencode = try Self.opencode()
        let (relay, tab) = try Self.open(opencode)
        opencode.say(Self.permission("make"))
        try tab.wait(until: Self.resources("make"))
        opencode.answer("/api/session/ses_1/permission/per_1/reply", .init(status: 400, body: #"{"message":"not so"}"#))
        try tab.evaluate("document.querySelector('.card [data-reply=once]').click()")
        try tab.wait(until: "document.querySelector('#problem').textContent.includes('not so')")
        try tab.wait(until: "[...document.querySelectorAll('.card button')].every(button => !button.disabled)")
        #expect(try relay.log("ses_1", until: "notice").last?.contains("not so") == true, "and so hear the others")
        #expect(try relay.drain() == .exited(0))
    }

    @Test(.timeLimit(.minutes(3))) func `a reply that waits for the server is the only one, also when another session was shown`() throws {
        let opencode = try Self.opencode()
        let (relay, tab) = try Self.open(opencode)
        opencode.say(Self.permission("make"))
        try tab.wait(until: Self.resources("make"))
        try tab.ask("Network.enable")
        try tab.ask("Network.setBlockedURLs", ["urls": #"["*/permissions/*"]"#])
        try tab.evaluate("document.querySelector('.card [data-reply=once]').focus(), true")
        try tab.click(".card [data-reply=once]")
        try tab.wait(until: "document.activeElement === document.querySelector('.card')", "the keyboard stays at the card")
        let waits = """
            document.querySelector('.card .reason').textContent.includes('Waiting for the server') \
            && [...document.querySelectorAll('.card button')].every(button => button.disabled)
            """
        try tab.wait(until: waits)
        try tab.evaluate("location.hash = 'ses_2'")
        try tab.wait(until: "!document.querySelector('.card')")
        try tab.evaluate("location.hash = 'ses_1'")
        try tab.wait(until: Self.resources("make"))
        #expect(try tab.evaluate(waits)?.bool == true)
        opencode.answer("/api/session/ses_1/permission/per_1/reply", .init(status: 400, body: #"{"message":"not so"}"#))
        try tab.ask("Network.setBlockedURLs", ["urls": "[]"])
        try tab.wait(until: "document.querySelector('.card .reason').textContent.includes('not so')", "it went out, and comes to the card")
        #expect(try tab.evaluate("[...document.querySelectorAll('.card button')].every(button => !button.disabled)")?.bool == true)
        #expect(try relay.drain() == .exited(0))
    }

    @Test(.timeLimit(.minutes(3))) func `a session that cannot be opened does not stand there as the one before it`() throws {
        let opencode = try Self.opencode()
        let (relay, tab) = try Self.open(opencode)
        opencode.say(Self.permission("make"))
        try tab.wait(until: Self.resources("make"))
        try tab.evaluate("location.hash = 'ses_none'")
        try tab.wait(until: "document.querySelector('#title').textContent === 'The session cannot be read'")
        #expect(try tab.evaluate("document.querySelectorAll('.card').length")?.int == 0)
        #expect(try tab.evaluate("document.querySelector('#composer').hidden && document.querySelector('#stop').hidden")?.bool == true)
        try tab.evaluate("location.hash = 'ses_1'")
        try tab.wait(until: Self.resources("make"))
        #expect(try relay.drain() == .exited(0))
    }

    @Test(.timeLimit(.minutes(3))) func `a question that is asked in other words keeps what was chosen and written`() throws {
        let opencode = try Self.opencode()
        let (relay, tab) = try Self.open(opencode)
        opencode.say(Self.question("Which?"))
        try tab.wait(until: "document.querySelector('.card .action').textContent === 'Which?'")
        try tab.evaluate("document.querySelector('.card select').value = 'b', document.querySelector('.card input').focus(), true")
        try tab.ask("Input.insertText", ["text": #""my own""#])
        opencode.say(Self.question("Which one?", more: #",{"key":"q1","type":"boolean","title":"Sure"}"#))
        try tab.wait(until: "document.querySelector('.card .action').textContent === 'Which one?'")
        #expect(
            try tab.evaluate("[...document.querySelectorAll('.card select, .card input')].map(field => field.value).join()")?.string
                == "b,my own,on")
        #expect(try tab.evaluate("document.activeElement.name")?.string == "q0 own")
        #expect(try tab.evaluate("document.querySelectorAll('.card').length")?.int == 1)
        #expect(try relay.drain() == .exited(0))
    }

    @Test(.timeLimit(.minutes(3)), arguments: ["ses_1", "ses_2"]) func `what of a card is kept apart is shown whole`(asking: String) throws
    {
        let opencode = try Self.opencode()
        let (relay, tab) = try Self.open(opencode)
        let (command, patch) = (String(repeating: "c", count: 70_000), String(repeating: "p", count: 300_000))
        opencode.say(Self.permission(command, of: asking, patch: patch))
        #expect(try relay.log("ses_1", until: "permission").contains { $0.contains(#"{"$blob":"sha256-"#) })
        try tab.wait(until: Self.resources(command), "the command is fetched")
        try tab.wait(until: "document.querySelector('.card .changes').textContent === '\(patch)'", "the patch is fetched")
        #expect(try tab.evaluate("document.querySelectorAll('.card').length")?.int == 1)
        #expect(try relay.drain() == .exited(0))
    }

    private static let fields = """
        { key: 'text', type: 'string' }, { key: 'must', type: 'string', required: true }, { key: 'number', type: 'number' },
        { key: 'count', type: 'integer', required: true }, { key: 'sure', type: 'boolean' }, { key: 'agreed', type: 'boolean', required: true },
        { key: 'many', type: 'multiselect', options: [{ value: 'a' }, { value: 'b' }], custom: true },
        { key: 'all', type: 'multiselect', options: [{ value: 'a' }], required: true },
        { key: 'one', type: 'string', options: [{ value: 'a' }, { value: 'b' }], custom: true }, { key: 'link', type: 'external' }
        """

    @Test(.timeLimit(.minutes(3))) func `what was left empty is not answered, and no number is never 0`() throws {
        let relay = try RelayProcess(["--opencode", "none"])
        let tab = try Chromium(relay.folder).open("\(relay.url)/#token=\(relay.token)")
        try tab.wait(until: "!location.hash.includes('token') && localStorage.length > 0")
        try tab.evaluate(
            """
            (async () => {
              const { drawQuestion, keepInput } = await import(location.origin + '/card.js');
              const draw = () => drawQuestion({ fields: [\(Self.fields)] }, answer => { window.answer = JSON.stringify(answer); });
              document.body.append(window.card = draw());
              window.again = () => { const next = draw(); keepInput(card, next); window.card = next; };
              window.field = name => [...card.querySelectorAll('input, select')].find(field => field.name === name);
            })()
            """)
        func answer() throws -> String? { try tab.evaluate("again(), card.requestSubmit(), answer")?.string }
        #expect(try answer() == #"{"must":"","agreed":false,"all":[]}"#)
        try tab.evaluate("field('one').value = 'a', field('text').value = 'words', field('number').value = '0', field('count').value = '2'")
        try tab.evaluate("field('sure').click()")
        try tab.evaluate("field('many own').value = 'c', field('link').value = 'done'")
        let filled =
            #""text":"words","must":"","number":0,"count":2,"sure":SURE,"agreed":false,"many":["c"],"all":[],"one":"a","link":"done""#
        #expect(try answer() == "{\(filled.replacing("SURE", with: "true"))}")
        try tab.evaluate("field('sure').click()")
        #expect(try answer() == "{\(filled.replacing("SURE", with: "false"))}", "who took it back has said no")
    }
}
