// The page in a real browser, on a relay in front of the scripted OpenCode: what a person sees and does.

import Foundation
import TestSupport
import Testing
import Wire

@Suite(.ownThread, .serialized, .enabled(if: Chromium.program != nil, "needs Chromium")) struct PageTests {
    /// The last message of the agent is whole and the session rests.
    private static let isIdle = "document.querySelector('#status').hidden && !document.querySelector('.text[data-open]')"

    private static func open(_ relay: RelayProcess, _ browser: Chromium, session: String? = nil) throws -> BrowserTab {
        let tab = try browser.open("\(relay.url)/#token=\(relay.token)")
        try tab.wait(until: "!location.hash.includes('token') && localStorage.length > 0", "the token is taken out of the address bar")
        guard let session else { return tab }
        try tab.evaluate("location.hash = '\(session)'")
        try tab.wait(until: "document.querySelector('#connection').textContent === 'live'")
        return tab
    }

    @Test(.timeLimit(.minutes(3))) func `a prompt is written, its tools are allowed and the answer streams, in every tab`() throws {
        let fixture = try ScriptedFixture()
        let browser = try Chromium(fixture.relay.folder)
        let session = try fixture.newSession()
        let (tab, other) = (
            try Self.open(fixture.relay, browser, session: session), try Self.open(fixture.relay, browser, session: session)
        )
        try tab.type("tools, please: add authentication", into: "#prompt")
        var allowed = 0
        for _ in 0..<8 {
            try other.wait(
                until: "document.querySelector('.card [data-reply=once]') || (\(Self.isIdle) && document.querySelector('.tool'))")
            guard try other.evaluate("Boolean(document.querySelector('.card'))")?.bool == true else { break }
            try other.click(".card [data-reply=once]")
            try other.wait(until: "!document.querySelector('.card')", "the card goes when it is answered")
            allowed += 1
        }
        #expect(allowed > 0)
        try tab.wait(until: Self.isIdle)
        #expect(
            try tab.evaluate("[...document.querySelectorAll('.tool')].every(tool => tool.dataset.state === 'completed' && !tool.open)")?
                .bool == true)
        let (mine, theirs) = (try tab.text("#messages"), try other.text("#messages"))
        #expect(mine.contains("add authentication") && mine == theirs)
        #expect(try tab.text("#sessions").contains("A play"))
    }

    @Test(.timeLimit(.minutes(3))) func `an answer is stopped, and says so calmly`() throws {
        let fixture = try ScriptedFixture()
        let tab = try Self.open(fixture.relay, Chromium(fixture.relay.folder), session: try fixture.newSession())
        try tab.type("long 2000", into: "#prompt")
        try tab.wait(until: "document.querySelector('.text[data-open]')?.textContent.length > 20", "words come")
        try tab.click("#stop")
        try tab.wait(until: Self.isIdle)
        #expect(try tab.text("#messages").contains("Stopped."))
        #expect(try tab.evaluate("document.querySelector('#problem').hidden")?.bool == true)
    }

    @Test(.timeLimit(.minutes(3))) func `the page comes back after a kill of the relay, with every word`() throws {
        let fixture = try ScriptedFixture()
        let session = try fixture.newSession()
        let tab = try Self.open(fixture.relay, Chromium(fixture.relay.folder), session: session)
        try tab.type("long 300", into: "#prompt")
        try tab.wait(until: "document.querySelector('.text[data-open]')?.textContent.length > 20", "words come")
        try fixture.relay.kill()
        try tab.wait(until: "document.querySelector('#connection').textContent !== 'live'")
        try fixture.relay.start()
        try tab.wait(until: "document.querySelector('#connection').textContent === 'live'")
        try tab.wait(until: Self.isIdle)
        let answer = try fixture.relay.get("/v1/sessions/\(session)")
        let texts = (answer["messages"]?.items ?? []).flatMap { $0["parts"]?.items ?? [] }.compactMap { $0["text"]?.string }
        let shown = try tab.evaluate("[...document.querySelectorAll('#messages .text')].map(text => text.textContent)")?.items.compactMap(
            \.string)
        #expect(!texts.isEmpty && shown == texts)
        try tab.wait(
            until: "document.querySelector('#messages [data-remark=outage]').innerText.includes('has been read since')",
            "what could not be heard is said")
        #expect(try tab.evaluate("document.querySelectorAll('[data-remark]').length")?.int == 1)
    }

    @Test(.timeLimit(.minutes(3))) func `a wrong token asks for another one`() throws {
        let relay = try RelayProcess()
        let tab = try Chromium(relay.folder).open("\(relay.url)/#token=\(String(repeating: "x", count: 32))")
        try tab.wait(until: "document.querySelector('#sign-in').open && !document.querySelector('#token-problem').hidden")
        try tab.type(relay.token, into: "#token")
        try tab.wait(until: "!document.querySelector('#sign-in').open && localStorage.getItem('reprise.token') === '\(relay.token)'")
        try tab.wait(
            until: "performance.getEntriesByType('resource').some(one => one.name.includes('/v1/sessions') && one.responseStatus === 200)",
            "it began anew, and the token is taken")
    }

    @Test(.timeLimit(.minutes(3))) func `a link with a wrong token signs nobody out, and the dialog takes only what can be one`() throws {
        let relay = try RelayProcess(["--opencode", "none"])
        let tab = try Self.open(relay, Chromium(relay.folder))
        let (told, kept) = ("document.querySelector('#problem').textContent.includes('token of this link')", "localStorage['reprise.token']")
        let link = "location.hash = 'token=\(String(repeating: "x", count: 32))'"
        try tab.evaluate("window.isOld = true, \(link)")
        try tab.wait(until: told)
        #expect(try tab.evaluate("window.isOld && \(kept)")?.string == relay.token, "the page goes on")
        try tab.evaluate("history.replaceState(null, '', '#token=\(String(repeating: "x", count: 32))'), location.reload(), true")
        try tab.wait(until: "!window.isOld && \(told) && !document.querySelector('#sign-in').open")
        #expect(try tab.evaluate(kept)?.string == relay.token)

        try tab.evaluate("localStorage.clear(), location.reload(), window.isOld = true")
        try tab.wait(until: "!window.isOld && document.querySelector('#sign-in').open")
        try tab.type("“abc”", into: "#token")
        try tab.evaluate("document.querySelector('#sign-in').close(), true")
        try tab.wait(until: "document.querySelector('#sign-in').open", "it cannot be left without one")
        #expect(try tab.evaluate("\(kept) ?? 'none'")?.string == "none")
        try tab.evaluate("document.querySelector('#token').value = '', true")
        try tab.type("\(relay.url)/#token=\(relay.token)", into: "#token")
        try tab.wait(until: "!document.querySelector('#sign-in').open && \(kept) === '\(relay.token)'")
    }

    @Test(.timeLimit(.minutes(3))) func `a URL with a token, opened where the page is shown already, is taken`() throws {
        let fixture = try ScriptedFixture()
        let session = try fixture.newSession()
        let tab = try Self.open(fixture.relay, Chromium(fixture.relay.folder), session: session)
        try tab.evaluate("localStorage.clear(), window.isOld = true, location.hash = 'token=\(fixture.relay.token)'")
        try tab.wait(until: "!window.isOld && document.querySelector('#connection').textContent === 'live'", "the page begins anew")
        #expect(try tab.evaluate("location.hash")?.string == "#" + session)
        #expect(try tab.evaluate("localStorage.getItem('reprise.token')")?.string == fixture.relay.token)
    }

    @Test(.timeLimit(.minutes(3))) func `an address that names more than a session opens none`() throws {
        let relay = try RelayProcess(["--opencode", "none"])
        let tab = try Self.open(relay, Chromium(relay.folder))
        try tab.wait(until: "document.querySelector('#list-state').hidden")
        /// Whether the page takes it for a session: the list at the side goes.
        func opens(_ address: String) throws -> Bool? {
            try tab.evaluate(
                """
                new Promise(done => {
                  document.querySelector('#sidebar').classList.add('shown');
                  addEventListener('hashchange', () => done(!document.querySelector('#sidebar').classList.contains('shown')), { once: true });
                  location.hash = '\(address)';
                })
                """)?.bool
        }
        #expect(try opens("ses_a/../../topics/builds") == false)
        #expect(try opens("ses_a?limit=1") == false)
        #expect(try opens("ses_a") == true)
    }

    // What the list of messages draws.

    private static func openList() throws -> BrowserTab {
        let relay = try RelayProcess()
        let tab = try open(relay, Chromium(relay.folder))
        try tab.evaluate(
            """
            (async () => {
              const { SessionState } = await import(location.origin + '/fold.js');
              const { MessageList } = await import(location.origin + '/message-list.js');
              const [state, place] = [new SessionState(), document.createElement('section')];
              document.body.append(place);
              const list = new MessageList(place, async () => {});
              list.reset(state);
              let count = 0;
              window.say = event => list.update(state, state.apply({ at: String(++count).padStart(10, '0'), event }));
              window.shown = () => [...place.children].filter(child => !child.hidden).map(child => child.dataset.remark ?? child.innerText.trim());
              window.list = place;
              for (const id of ['m1', 'm2']) {
                say({ type: 'message', message: { id, role: 'user', created: 10 } });
                say({ type: 'part', part: { id: id + '.t', message: id, type: 'tool', call: 'c', name: id, state: 'completed' } });
              }
            })()
            """)
        return tab
    }

    @Test(.timeLimit(.minutes(3))) func `a tool that was opened stays open when messages come and go`() throws {
        let tab = try Self.openList()
        try tab.evaluate("window.tool = list.querySelector('.tool'), tool.open = true")
        try tab.evaluate("say({ type: 'message', message: { id: 'm0', role: 'user', created: 5 } })")
        try tab.evaluate("say({ type: 'message', message: { id: 'm3', role: 'user', created: 20 } })")
        try tab.evaluate("say({ type: 'message.removed', id: 'm2' })")
        #expect(try tab.evaluate("list.querySelector('.tool') === tool && tool.open")?.bool == true)
        #expect(try tab.evaluate("list.querySelectorAll('article').length")?.int == 3)
        #expect(try tab.evaluate("list.querySelectorAll('article')[1].contains(tool)")?.bool == true, "in the order of their creation")
        try tab.evaluate("say({ type: 'part.removed', id: 'm1.t' })")
        #expect(try tab.evaluate("list.querySelector('.tool') === null")?.bool == true)
    }

    @Test(.timeLimit(.minutes(3))) func `what is open and has the focus keeps it while its tool goes on`() throws {
        let tab = try Self.openList()
        let running = "type: 'tool', id: 'm2.t', message: 'm2', call: 'c', name: 'm2', state: 'running', output: 'one '"
        try tab.evaluate("say({ type: 'part', part: { \(running) } })")
        try tab.evaluate("window.tool = list.querySelectorAll('.tool')[1], tool.open = true, tool.querySelector('summary').focus()")
        try tab.evaluate("say({ type: 'delta', part: 'm2.t', field: 'output', text: 'two' })")
        #expect(try tab.evaluate("tool.isConnected && tool.querySelector('.output').textContent")?.string == "one two")
        let isFocused = "document.activeElement === list.querySelectorAll('.tool[open] summary')[0]"
        for event in ["type: 'part', part: { \(running), title: 't' }", "type: 'message', message: { id: 'm2', role: 'user', created: 10 }"] {
            try tab.evaluate("say({ \(event) })")
            #expect(try tab.evaluate(isFocused)?.bool == true, "\(event)")
        }
        #expect(try tab.evaluate("tool.isConnected")?.bool == false, "it was drawn again")
    }

    @Test(.timeLimit(.minutes(3))) func `what is kept apart or cannot be drawn is told as such, and costs the others nothing`() throws {
        let tab = try Self.openList()
        let blob = "{ $blob: 'sha256-00', bytes: 70000 }"
        try tab.evaluate("say({ type: 'part', part: { type: 'tool', id: 'm1.t', message: 'm1', title: \(blob), error: { message: \(blob) } } })")
        try tab.evaluate("say({ type: 'message', message: { id: 'm2', role: 'user', created: 10, error: { name: 'e', message: \(blob) } } })")
        try tab.evaluate("say({ type: 'part', part: { type: 'text', id: 'x', message: 'm1', text: { toJSON() { throw 0; } } } })")
        let texts = "[...list.querySelectorAll('.what, .output, .note')].map(one => one.textContent).filter(Boolean).join('; ')"
        let apart = "(70000 bytes, kept apart)"
        #expect(try tab.evaluate(texts)?.string == "\(apart); \(apart); This part cannot be shown; \(apart)")
    }

    @Test(.timeLimit(.minutes(3))) func `a turn's end cuts short what is open, however far up it stands, and once`() throws {
        let tab = try Self.openList()
        try tab.evaluate(
            """
            for (const [id, turn] of [['a', 1], ['b', undefined]]) {
              say({ type: 'message', message: { id, role: 'assistant', created: 1, turn } });
              say({ type: 'part', part: { type: 'text', id: id + '.t', message: id, text: 'half', open: true } });
            }
            for (let more = 0; more < 10; more += 1) say({ type: 'message', message: { id: 'n' + more, role: 'user', created: 20 } });
            window.marks = name => list.querySelectorAll(`[data-${name}]`).length;
            """)
        #expect(try tab.evaluate("marks('open')")?.int == 2)
        try tab.evaluate("say({ type: 'turn', turn: 1, state: 'interrupted' })")
        #expect(try tab.evaluate("[marks('open'), marks('cut')].join()")?.string == "0,2")
        try tab.evaluate("say({ type: 'turn', turn: 2, state: 'started' })")
        #expect(try tab.evaluate("[marks('open'), marks('cut')].join()")?.string == "0,2")
        try tab.evaluate("say({ type: 'turn', turn: 1, state: 'started', resumed: true })")
        #expect(try tab.evaluate("[marks('open'), marks('cut')].join()")?.string == "1,1", "it goes on")
    }

    @Test(.timeLimit(.minutes(3))) func `outages and notices are shown once, where they came, and the last error until a turn starts`()
        throws
    {
        let tab = try Self.openList()
        try tab.evaluate("say({ type: 'outage', from: 1000, to: 2000, lost: ['deltas'] })")
        #expect(try tab.evaluate("list.querySelector('[data-remark=outage]').innerText.includes('may be missing')")?.bool == true)
        try tab.evaluate("say({ type: 'error', error: { name: 'unknown', message: 'the model is away' } })")
        #expect(try tab.evaluate("list.lastElementChild.innerText")?.string == "the model is away")
        try tab.evaluate("say({ type: 'message', message: { id: 'm3', role: 'user', created: 20 } })")
        try tab.evaluate("say({ type: 'notice', kind: 'runaway', text: 'a turn <b>runs away</b>' })")
        try tab.evaluate("say({ type: 'outage', from: 1000, to: 3000, lost: ['deltas'], healed: true })")
        #expect(try tab.evaluate("shown().join(' ')")?.string?.hasSuffix("outage user notice error") == true)
        #expect(try tab.evaluate("list.querySelector('[data-remark=outage]').innerText.includes('has been read')")?.bool == true)
        #expect(try tab.evaluate("list.querySelector('[data-remark=notice]').innerText")?.string == "a turn <b>runs away</b>")
        try tab.evaluate("say({ type: 'turn', turn: 1, state: 'started' })")
        #expect(try tab.evaluate("shown().join(' ')")?.string?.hasSuffix("outage user notice") == true)
    }

    @Test(.timeLimit(.minutes(3))) func `a relay without an OpenCode says what is missing`() throws {
        let relay = try RelayProcess()
        let tab = try Self.open(relay, Chromium(relay.folder))
        try tab.wait(until: "document.querySelector('#upstream').textContent.includes('No OpenCode')")
    }

    // While the relay is away.

    @Test(.timeLimit(.minutes(3))) func `a session that cannot be read is read when the relay is back`() throws {
        let fixture = try ScriptedFixture()
        let (first, second) = (try fixture.newSession(), try fixture.newSession())
        try fixture.play(second, "hello", fixture.reader(second))
        let tab = try Self.open(fixture.relay, Chromium(fixture.relay.folder), session: first)
        try fixture.relay.kill()
        try tab.wait(until: "document.querySelector('#connection').textContent !== 'live'")
        try tab.evaluate("location.hash = '\(second)'")
        try tab.wait(
            until: "document.querySelector('#title').textContent.includes('cannot be read') && document.querySelector('#composer').hidden")
        #expect(try tab.text("#connection") == "waiting")
        try fixture.relay.start()
        try tab.wait(
            until:
                "document.querySelector('#connection').textContent === 'live' && document.querySelector('#messages').innerText.includes('hello')"
        )
    }

    @Test(.timeLimit(.minutes(3))) func `a list that cannot be read is read later, and holds up nothing else`() throws {
        let fixture = try ScriptedFixture()
        let session = try fixture.newSession()
        let tab = try Self.open(fixture.relay, Chromium(fixture.relay.folder), session: session)
        try tab.ask("Network.enable")
        try tab.ask("Network.setBlockedURLs", ["urls": #"["*/v1/sessions?*"]"#])
        try tab.ask("Page.reload")
        try tab.wait(
            until:
                "!document.querySelector('#list-state').hidden && document.querySelector('#list-state').innerText.includes('trying again')")
        try tab.wait(until: "document.querySelector('#connection').textContent === 'live'", "the session is open without the list")
        try tab.ask("Network.setBlockedURLs", ["urls": "[]"])
        try tab.wait(until: "document.querySelector('#list-state').hidden && document.querySelectorAll('#sessions li').length === 1")
    }

    /// Types a prompt when the relay is away.
    private static func promptInTunnel(_ fixture: ScriptedFixture, _ tab: BrowserTab) throws {
        try fixture.relay.kill()
        try tab.wait(until: "document.querySelector('#connection').textContent !== 'live'")
        try tab.type("hello from the tunnel", into: "#prompt")
    }

    @Test(.timeLimit(.minutes(3))) func `a prompt that is sent while the relay is away waits, and is sent once`() throws {
        let fixture = try ScriptedFixture()
        let session = try fixture.newSession()
        let tab = try Self.open(fixture.relay, Chromium(fixture.relay.folder), session: session)
        try Self.promptInTunnel(fixture, tab)
        try tab.wait(until: "document.querySelector('.unsent[data-state=waiting] .text').textContent === 'hello from the tunnel'")
        #expect(try tab.text("#outbox").contains("Waiting for the server"))
        try fixture.relay.start()
        try tab.wait(
            until: "!document.querySelector('.unsent') && document.querySelector('#messages').innerText.includes('from the tunnel')")
        try tab.wait(until: Self.isIdle)
        let messages = try fixture.relay.get("/v1/sessions/\(session)")["messages"]?.items ?? []
        #expect(messages.count { $0["role"]?.string == "user" } == 1)
    }

    @Test(.timeLimit(.minutes(3)), arguments: ["edit", "discard"]) func `a prompt that waits can be taken back, and is not sent then`(
        _ way: String
    ) throws {
        let fixture = try ScriptedFixture()
        let session = try fixture.newSession()
        let tab = try Self.open(fixture.relay, Chromium(fixture.relay.folder), session: session)
        try Self.promptInTunnel(fixture, tab)
        try tab.wait(until: "document.querySelector('.unsent[data-state=waiting]')")
        try tab.click("[data-act=\(way)]")
        #expect(try tab.evaluate("document.querySelector('.unsent') === null")?.bool == true)
        let left = try tab.evaluate("document.querySelector('#prompt').value")?.string
        #expect(left == (way == "edit" ? "hello from the tunnel" : ""))
        try fixture.relay.start()
        try tab.wait(until: "document.querySelector('#connection').textContent === 'live'")
        _ = try tab.evaluate("document.querySelector('#prompt').value = '', true")
        try tab.type("hello again", into: "#prompt")
        try tab.wait(until: "document.querySelector('#messages').innerText.includes('hello again') && !document.querySelector('.unsent')")
        try tab.wait(until: Self.isIdle)
        let messages = try fixture.relay.get("/v1/sessions/\(session)")["messages"]?.items ?? []
        #expect(messages.count { $0["role"]?.string == "user" } == 1)
    }

    @Test(.timeLimit(.minutes(3))) func `a prompt that is refused keeps its text`() throws {
        let fixture = try ScriptedFixture()
        let tab = try Self.open(fixture.relay, Chromium(fixture.relay.folder), session: try fixture.newSession())
        try Self.promptInTunnel(fixture, tab)
        fixture.relay.arguments = ["--opencode", "none"]
        try fixture.relay.start()
        try tab.wait(until: "document.querySelector('.unsent[data-state=failed]')")
        #expect(try tab.text("#outbox").contains("hello from the tunnel") && tab.text("#outbox").contains("no OpenCode is connected"))
        try tab.click("[data-act=edit]")
        #expect(try tab.evaluate("document.querySelector('#prompt').value")?.string == "hello from the tunnel")
        #expect(try tab.evaluate("document.querySelector('.unsent') === null")?.bool == true)
    }

    @Test(.timeLimit(.minutes(3))) func `a prompt that OpenCode refuses after it was accepted keeps its text`() throws {
        let fixture = try ScriptedFixture()
        let session = try fixture.newSession()
        let tab = try Self.open(fixture.relay, Chromium(fixture.relay.folder), session: session)
        try fixture.commit(#"{"fault":"refuse","path":"/api/session/\#(session)/prompt","status":500,"times":9}"#)
        try tab.type("hello to nobody", into: "#prompt")
        try tab.wait(until: "document.querySelector('.unsent[data-state=failed]')")
        #expect(try tab.text("#outbox").contains("hello to nobody") && tab.text("#outbox").contains("OpenCode answered 500"))
        try tab.click("[data-act=edit]")
        #expect(try tab.evaluate("document.querySelector('#prompt').value")?.string == "hello to nobody")
    }

    @Test(.timeLimit(.minutes(3))) func `there is room for a line to be typed, however the session was opened`() throws {
        let fixture = try ScriptedFixture()
        let tab = try Self.open(fixture.relay, Chromium(fixture.relay.folder), session: try fixture.newSession())
        let hasRoom = "document.querySelector('#prompt').clientHeight >= 30"
        #expect(try tab.evaluate(hasRoom)?.bool == true)
        _ = try tab.evaluate("window.isOld = true, location.reload(), true")
        try tab.wait(until: "!window.isOld && document.querySelector('#connection')?.textContent === 'live'")
        #expect(try tab.evaluate(hasRoom)?.bool == true)
    }

    @Test(.timeLimit(.minutes(3))) func `a draft stays with the session that it was typed for`() throws {
        let fixture = try ScriptedFixture()
        let (first, second) = (try fixture.newSession(), try fixture.newSession())
        let tab = try Self.open(fixture.relay, Chromium(fixture.relay.folder), session: first)
        let draft = "document.querySelector('#prompt').value"
        _ = try tab.evaluate("\(draft) = 'for the first'")
        for (session, expected) in [(second, ""), (first, "for the first")] {
            _ = try tab.evaluate("location.hash = '#\(session)'")
            try tab.wait(until: "\(draft) === '\(expected)'")
        }
    }

    // More than one page.

    @Test(.timeLimit(.minutes(3))) func `older messages are read while the session goes on`() throws {
        let fixture = try ScriptedFixture(["--rate", "2000"])
        let session = try fixture.newSession()
        let reader = try fixture.reader(session)
        for number in 1...14 { try fixture.play(session, "hello \(number)", reader) }
        let tab = try Self.open(fixture.relay, Chromium(fixture.relay.folder), session: session)
        #expect(try tab.evaluate("document.querySelector('#older').hidden")?.bool == false)
        try tab.type("long 4000", into: "#prompt")
        try tab.wait(
            until: """
                document.querySelector('#messages').innerText.includes('long 4000') \
                && [...document.querySelectorAll('#messages .text')].at(-1).textContent.length > 20
                """, "words come")
        try tab.click("#older")
        try tab.wait(until: "document.querySelector('#older').hidden")
        try tab.wait(until: Self.isIdle)
        let answer = try fixture.relay.get("/v1/sessions/\(session)/messages?limit=100")
        let texts = (answer["messages"]?.items ?? []).flatMap { $0["parts"]?.items ?? [] }.compactMap { $0["text"]?.string }
        let shown = try tab.evaluate("[...document.querySelectorAll('#messages .text')].map(text => text.textContent)")?.items.compactMap(
            \.string)
        #expect(texts.count >= 30 && shown == texts)
    }

    @Test(.timeLimit(.minutes(3))) func `older messages that come when another session is shown are not shown there`() throws {
        let fixture = try ScriptedFixture(["--rate", "2000"])
        let (long, other) = (try fixture.newSession(), try fixture.newSession())
        let reader = try fixture.reader(long)
        for number in 1...14 { try fixture.play(long, "hello \(number)", reader) }
        try fixture.play(other, "hello other", try fixture.reader(other))
        let tab = try Self.open(fixture.relay, Chromium(fixture.relay.folder), session: long)
        let holding = """
            const real = fetch.bind(window), held = new Promise(done => { window.letGo = done; });
            window.fetch = async (url, options) => {
              const isHeld = String(url).includes('/messages?');
              if (isHeld) await held;
              const answer = await real(url, options);
              if (isHeld) answer.clone().text().then(() => setTimeout(() => { window.hasCome = true; }));
              return answer;
            };
            """
        try tab.ask("Page.enable")
        try tab.ask("Page.addScriptToEvaluateOnNewDocument", ["source": BrowserTab.quoted(holding)])
        _ = try tab.evaluate("location.reload(), true")
        try tab.wait(until: "window.letGo && document.querySelector('#connection')?.textContent === 'live'")
        try tab.click("#older")
        _ = try tab.evaluate("location.hash = '#\(other)'")
        try tab.wait(until: "document.querySelector('#messages').innerText.includes('hello other')")
        let shown = try tab.text("#messages")
        _ = try tab.evaluate("letGo(), true")
        try tab.wait(until: "window.hasCome")
        #expect(try tab.text("#messages") == shown)
        _ = try tab.evaluate("location.hash = '#\(long)'")
        try tab.wait(until: "document.querySelector('#messages').innerText.includes('hello 14') && !document.querySelector('#older').hidden")
        try tab.click("#older")
        try tab.wait(until: "document.querySelector('#messages').innerText.includes('hello 1\\n')", "older ones can be asked for again")
    }

    @Test(.timeLimit(.minutes(5))) func `the list goes on when its end comes in sight`() throws {
        let fixture = try ScriptedFixture()
        for _ in 0..<210 { _ = try fixture.newSession() }
        let tab = try Self.open(fixture.relay, Chromium(fixture.relay.folder))
        try tab.wait(until: "document.querySelectorAll('#sessions li').length === 200 && !document.querySelector('#more-sessions').hidden")
        try tab.evaluate("document.querySelector('#sidebar').scrollTop = 1e9, true")
        try tab.wait(until: "document.querySelectorAll('#sessions li').length === 210 && document.querySelector('#more-sessions').hidden")
    }
}
