// What is written on the page and not with OpenCode yet: prompts that wait, or were refused, and drafts.

import Foundation
import TestSupport
import Testing
import Wire

@Suite(.ownThread, .serialized, .enabled(if: Chromium.program != nil, "needs Chromium")) struct OutboxTests {
    private let fixture: ScriptedFixture
    private let session: String
    private let tab: BrowserTab

    /// The page at a new session; the answers to its prompts can be lost (`window.loses`), and its questions refused (`window.refuses`).
    init() throws {
        fixture = try ScriptedFixture()
        session = try fixture.newSession()
        tab = try Chromium(fixture.relay.folder).open(fixture.relay)
        let losing = """
            const fetched = window.fetch; window.fetch = async (url, options) => {
                if (window.refuses && String(url).includes("/commands/")) return new Response("no", { status: 403 });
                const answer = await fetched(url, options);
                if (window.loses && String(url).endsWith("/chat")) throw new TypeError("cut");
                return answer;
            };
            """
        try tab.ask("Page.enable")
        try tab.ask("Page.addScriptToEvaluateOnNewDocument", ["source": BrowserTab.quoted(losing)])
        try tab.evaluate("location.hash = '\(session)', window.isOld = true, location.reload(), true")
        try tab.wait(until: "!window.isOld && document.querySelector('#connection')?.textContent === 'live'")
    }

    private func prompts() throws -> [JSONValue] {
        try tab.wait(until: BrowserTab.isIdle)
        return (try fixture.relay.get("/v1/sessions/\(session)")["messages"]?.items ?? []).filter { $0["role"]?.string == "user" }
    }

    @Test(.timeLimit(.minutes(3))) func `what waits and what is typed outlives a reload`() throws {
        try tab.ask("Network.enable")
        try tab.ask("Network.setBlockedURLs", ["urls": #"["*/chat"]"#])
        try tab.type("hello from before", into: "#prompt")
        try tab.wait(until: "document.querySelector('.unsent[data-state=waiting]')")
        try tab.evaluate(
            "(box => { box.value = 'half a thought'; box.dispatchEvent(new Event('input')); })(document.querySelector('#prompt')), true")
        try tab.evaluate("window.isOld = true, location.reload(), true")
        try tab.wait(until: "!window.isOld && document.querySelector('.unsent .text')?.textContent === 'hello from before'")
        #expect(try tab.evaluate("document.querySelector('#prompt').value")?.string == "half a thought")
        try tab.ask("Network.setBlockedURLs", ["urls": "[]"])
        try tab.wait(until: "!document.querySelector('.unsent') && document.querySelector('#messages').innerText.includes('from before')")
        #expect(try prompts().count == 1)
    }

    /// A prompt that ran, and whose answer was lost.
    private func lostPrompt(_ text: String) throws {
        try tab.evaluate("window.loses = true")
        try tab.type(text, into: "#prompt")
        try tab.wait(until: "document.querySelector('.unsent[data-state=waiting]')")
        try tab.wait(until: "document.querySelector('#messages').innerText.includes('\(text)')", "the server has it")
        #expect(try prompts().count == 1)
    }

    @Test(.timeLimit(.minutes(3)), arguments: [false, true]) func `a prompt whose answer was lost is edited, and runs once`(changes: Bool)
        throws
    {
        try lostPrompt("hello once")
        try tab.click("[data-act=edit]")
        #expect(try tab.evaluate("document.querySelector('#prompt').value")?.string == "hello once")
        if changes { try tab.evaluate("document.querySelector('#prompt').value += '!', true") }
        try tab.evaluate("window.loses = false, document.querySelector('#composer').requestSubmit(), true")
        try tab.wait(until: changes ? "document.querySelector('.unsent[data-state=failed]')" : "!document.querySelector('.unsent')")
        if changes { #expect(try tab.text("#outbox").contains("was sent before you edited it")) }
        #expect(try prompts().count == 1)
    }

    @Test(.timeLimit(.minutes(3)), arguments: ["edit", "discard"])
    func `a prompt that waits for OpenCode is taken back, if it had not arrived`(
        _ way: String
    ) throws {
        try waitingPrompt()
        try fixture.commit(#"{"fault":"restart","death":"kill","milliseconds":4000}"#)
        try tab.click("[data-act=\(way)]")
        try tab.wait(until: "!document.querySelector('.unsent')")
        let hasArrived = try !prompts().isEmpty
        #expect(try tab.evaluate("document.querySelector('#prompt').value")?.string == (way == "edit" && !hasArrived ? "long 2000" : ""))
    }

    @Test(.timeLimit(.minutes(3))) func `a box that was emptied holds another prompt then, also of the same words`() throws {
        try lostPrompt("hello twice")
        try tab.click("[data-act=edit]")
        try tab.evaluate("window.loses = false")
        try tab.evaluate("(box => { box.value = ''; box.dispatchEvent(new Event('input')); })(document.querySelector('#prompt')), true")
        try tab.type("hello twice", into: "#prompt")
        try tab.wait(until: "document.querySelectorAll('#messages article').length >= 4 && !document.querySelector('.unsent')")
        #expect(try prompts().count == 2)
    }

    /// A prompt that the server has and OpenCode not.
    private func waitingPrompt() throws {
        try fixture.commit(#"{"fault":"slow","path":"/api/session/\#(session)/prompt","milliseconds":60000,"times":1}"#)
        try tab.type("long 2000", into: "#prompt")
        try tab.wait(until: "document.querySelector('#outbox').innerText.includes('Waiting for OpenCode')")
    }

    @Test(.timeLimit(.minutes(3))) func `a question that somebody on the way refuses is put again`() throws {
        try waitingPrompt()
        try tab.evaluate("window.refuses = true")
        try tab.wait(until: "document.querySelector('#outbox').innerText.includes('HTTP 403')")
        try fixture.commit(#"{"fault":"restart","death":"kill","milliseconds":500}"#)
        try tab.evaluate("window.refuses = false")
        try tab.wait(until: "!document.querySelector('.unsent')")
    }

    @Test(.timeLimit(.minutes(3))) func `what comes back when another session is shown is that session's no more than before`() throws {
        let other = try fixture.newSession()
        try waitingPrompt()
        try fixture.commit(#"{"fault":"restart","death":"kill","milliseconds":3000}"#)
        // As it comes back where the stop ended it.
        try tab.click("[data-act=edit]")
        try tab.evaluate("location.hash = '#\(other)', true")
        try tab.wait(until: "location.hash === '#\(other)' && document.querySelector('#connection').textContent === 'live'")
        try tab.evaluate("location.hash = '#\(session)', true")
        try tab.wait(until: "!document.querySelector('.unsent')")
        let hasArrived = try !prompts().isEmpty
        let draft = hasArrived ? "" : "long 2000"
        try tab.wait(until: "document.querySelector('#prompt').value === '\(draft)'")
        try tab.evaluate("location.hash = '#\(other)', true")
        try tab.wait(until: "document.querySelector('#prompt').value === ''")
    }

    // While the relay is away, or OpenCode refuses.

    /// Types a prompt when the relay is away.
    private func promptInTunnel() throws {
        try fixture.relay.kill()
        try tab.wait(until: "document.querySelector('#connection').textContent !== 'live'")
        try tab.type("hello from the tunnel", into: "#prompt")
    }

    @Test(.timeLimit(.minutes(3))) func `a prompt that is sent while the relay is away waits, and is sent once`() throws {
        try promptInTunnel()
        try tab.wait(until: "document.querySelector('.unsent[data-state=waiting] .text').textContent === 'hello from the tunnel'")
        #expect(try tab.text("#outbox").contains("Waiting for the server"))
        try fixture.relay.start()
        try tab.wait(
            until: "!document.querySelector('.unsent') && document.querySelector('#messages').innerText.includes('from the tunnel')")
        #expect(try prompts().count == 1)
    }

    @Test(.timeLimit(.minutes(3)), arguments: ["edit", "discard"]) func `a prompt that waits can be taken back, and is not sent then`(
        _ way: String
    ) throws {
        try promptInTunnel()
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
        #expect(try prompts().count == 1)
    }

    @Test(.timeLimit(.minutes(3))) func `a prompt that is refused keeps its text`() throws {
        try promptInTunnel()
        fixture.relay.arguments = ["--opencode", "none"]
        try fixture.relay.start()
        try tab.wait(until: "document.querySelector('.unsent[data-state=failed]')")
        #expect(try tab.text("#outbox").contains("hello from the tunnel") && tab.text("#outbox").contains("no OpenCode is connected"))
        try tab.click("[data-act=edit]")
        #expect(try tab.evaluate("document.querySelector('#prompt').value")?.string == "hello from the tunnel")
        #expect(try tab.evaluate("document.querySelector('.unsent') === null")?.bool == true)
    }

    @Test(.timeLimit(.minutes(3))) func `a prompt that OpenCode refuses after it was accepted keeps its text`() throws {
        try fixture.commit(#"{"fault":"refuse","path":"/api/session/\#(session)/prompt","status":500,"times":9}"#)
        try tab.type("hello to nobody", into: "#prompt")
        try tab.wait(until: "document.querySelector('.unsent[data-state=failed]')")
        #expect(try tab.text("#outbox").contains("hello to nobody") && tab.text("#outbox").contains("OpenCode answered 500"))
        try tab.click("[data-act=edit]")
        #expect(try tab.evaluate("document.querySelector('#prompt').value")?.string == "hello to nobody")
    }

    @Test(.timeLimit(.minutes(3))) func `a draft stays with the session that it was typed for`() throws {
        let other = try fixture.newSession()
        let draft = "document.querySelector('#prompt').value"
        _ = try tab.evaluate("\(draft) = 'for the first'")
        for (shown, expected) in [(other, ""), (session, "for the first")] {
            _ = try tab.evaluate("location.hash = '#\(shown)'")
            try tab.wait(until: "\(draft) === '\(expected)'")
        }
    }
}
