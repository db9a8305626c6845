// The page in a real browser, on a relay in front of the scripted OpenCode: what a person sees and does.

import Foundation
import TestSupport
import Testing
import Wire

@Suite(.ownThread, .serialized, .enabled(if: Chromium.program != nil, "needs Chromium")) struct PageTests {
    @Test(.timeLimit(.minutes(3))) func `a prompt is written, its tools are allowed and the answer streams, in every tab`() throws {
        let fixture = try ScriptedFixture()
        let browser = try Chromium(fixture.relay.folder)
        let session = try fixture.newSession()
        let (tab, other) = (
            try browser.open(fixture.relay, session: session), try browser.open(fixture.relay, session: session)
        )
        try tab.type("tools, please: add authentication", into: "#prompt")
        var allowed = 0
        for _ in 0..<8 {
            try other.wait(
                until: "document.querySelector('.card [data-reply=once]') || (\(BrowserTab.isIdle) && document.querySelector('.tool'))")
            guard try other.evaluate("Boolean(document.querySelector('.card'))")?.bool == true else { break }
            try other.click(".card [data-reply=once]")
            try other.wait(until: "!document.querySelector('.card')", "the card goes when it is answered")
            allowed += 1
        }
        #expect(allowed > 0)
        try tab.wait(until: BrowserTab.isIdle)
        #expect(
            try tab.evaluate("[...document.querySelectorAll('.tool')].every(tool => tool.dataset.state === 'completed' && !tool.open)")?
                .bool == true)
        let (mine, theirs) = (try tab.text("#messages"), try other.text("#messages"))
        #expect(mine.contains("add authentication") && mine == theirs)
        #expect(try tab.text("#sessions").contains("A play"))
    }

    @Test(.timeLimit(.minutes(3))) func `an answer is stopped, and says so calmly`() throws {
        let fixture = try ScriptedFixture()
        let tab = try Chromium(fixture.relay.folder).open(fixture.relay, session: try fixture.newSession())
        try tab.type("long 2000", into: "#prompt")
        try tab.wait(until: "document.querySelector('.text[data-open]')?.textContent.length > 20", "words come")
        try tab.click("#stop")
        try tab.wait(until: BrowserTab.isIdle)
        #expect(try tab.text("#messages").contains("Stopped."))
        #expect(try tab.evaluate("document.querySelector('#problem').hidden")?.bool == true)
    }

    @Test(.timeLimit(.minutes(3))) func `the page comes back after a kill of the relay, with every word`() throws {
        let fixture = try ScriptedFixture()
        let session = try fixture.newSession()
        let tab = try Chromium(fixture.relay.folder).open(fixture.relay, session: session)
        try tab.type("long 300", into: "#prompt")
        try tab.wait(until: "document.querySelector('.text[data-open]')?.textContent.length > 20", "words come")
        try fixture.relay.kill()
        try tab.wait(until: "document.querySelector('#connection').textContent !== 'live'")
        try fixture.relay.start()
        try tab.wait(until: "document.querySelector('#connection').textContent === 'live'")
        try tab.wait(until: BrowserTab.isIdle)
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

    @Test(.timeLimit(.minutes(3))) func `an address that names more than a session opens none`() throws {
        let relay = try RelayProcess(["--opencode", "none"])
        let tab = try Chromium(relay.folder).open(relay)
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

    @Test(.timeLimit(.minutes(3))) func `a relay without an OpenCode says what is missing`() throws {
        let relay = try RelayProcess()
        let tab = try Chromium(relay.folder).open(relay)
        try tab.wait(until: "document.querySelector('#upstream').textContent.includes('No OpenCode')")
    }

    // While the relay is away.

    @Test(.timeLimit(.minutes(3))) func `a session that cannot be read is read when the relay is back`() throws {
        let fixture = try ScriptedFixture()
        let (first, second) = (try fixture.newSession(), try fixture.newSession())
        try fixture.play(second, "hello", fixture.reader(second))
        let tab = try Chromium(fixture.relay.folder).open(fixture.relay, session: first)
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
        let tab = try Chromium(fixture.relay.folder).open(fixture.relay, session: session)
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

    @Test(.timeLimit(.minutes(3))) func `there is room for a line to be typed, however the session was opened`() throws {
        let fixture = try ScriptedFixture()
        let tab = try Chromium(fixture.relay.folder).open(fixture.relay, session: try fixture.newSession())
        let hasRoom = "document.querySelector('#prompt').clientHeight >= 30"
        #expect(try tab.evaluate(hasRoom)?.bool == true)
        _ = try tab.evaluate("window.isOld = true, location.reload(), true")
        try tab.wait(until: "!window.isOld && document.querySelector('#connection')?.textContent === 'live'")
        #expect(try tab.evaluate(hasRoom)?.bool == true)
        let fill = "box => { box.value = 'word '.repeat(40); box.dispatchEvent(new Event('input')); }"
        try tab.evaluate("(\(fill))(document.querySelector('#prompt')), true")
        let screen = ["width": "390", "height": "844", "deviceScaleFactor": "1", "mobile": "false"]
        try tab.ask("Emulation.setDeviceMetricsOverride", screen)
        try tab.wait(until: "(box => box.clientWidth < 390 && box.scrollHeight <= box.clientHeight)(document.querySelector('#prompt'))")
    }

    // More than one page.

    @Test(.timeLimit(.minutes(3))) func `older messages are read while the session goes on`() throws {
        let fixture = try ScriptedFixture(["--rate", "2000"])
        let session = try fixture.newSession()
        let reader = try fixture.reader(session)
        for number in 1...14 { try fixture.play(session, "hello \(number)", reader) }
        let tab = try Chromium(fixture.relay.folder).open(fixture.relay, session: session)
        #expect(try tab.evaluate("document.querySelector('#older').hidden")?.bool == false)
        try tab.type("long 4000", into: "#prompt")
        try tab.wait(
            until: """
                document.querySelector('#messages').innerText.includes('long 4000') \
                && [...document.querySelectorAll('#messages .text')].at(-1).textContent.length > 20
                """, "words come")
        try tab.click("#older")
        try tab.wait(until: "document.querySelector('#older').hidden")
        try tab.wait(until: BrowserTab.isIdle)
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
        let tab = try Chromium(fixture.relay.folder).open(fixture.relay, session: long)
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
        try tab.wait(
            until: "document.querySelector('#messages').innerText.includes('hello 14') && !document.querySelector('#older').hidden")
        try tab.click("#older")
        try tab.wait(until: "document.querySelector('#messages').innerText.includes('hello 1\\n')", "older ones can be asked for again")
    }

    @Test(.timeLimit(.minutes(5))) func `the list goes on when its end comes in sight`() throws {
        let fixture = try ScriptedFixture()
        for _ in 0..<210 { _ = try fixture.newSession() }
        let tab = try Chromium(fixture.relay.folder).open(fixture.relay)
        try tab.wait(until: "document.querySelectorAll('#sessions li').length === 200 && !document.querySelector('#more-sessions').hidden")
        try tab.evaluate("document.querySelector('#sidebar').scrollTop = 1e9, true")
        try tab.wait(until: "document.querySelectorAll('#sessions li').length === 210 && document.querySelector('#more-sessions').hidden")
    }
}
