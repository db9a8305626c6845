// Prompts that wait on the page: across a reload, and taken back when the server may have them already.

import Foundation
import TestSupport
import Testing
import Wire

@Suite(.ownThread, .serialized, .enabled(if: Chromium.program != nil, "needs Chromium")) struct OutboxTests {
    private let fixture: ScriptedFixture
    private let session: String
    private let tab: BrowserTab

    /// The page at a new session; the answers to its prompts can be lost: `window.loses`.
    init() throws {
        fixture = try ScriptedFixture()
        session = try fixture.newSession()
        tab = try Chromium(fixture.relay.folder).open("\(fixture.relay.url)/#token=\(fixture.relay.token)")
        try tab.wait(until: "!location.hash.includes('token') && localStorage.length > 0")
        let losing = """
            const fetched = window.fetch; window.fetch = async (url, options) => {
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
        try tab.wait(until: "document.querySelector('#status').hidden && !document.querySelector('.text[data-open]')")
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

    @Test(.timeLimit(.minutes(3)), arguments: [false, true]) func `a prompt whose answer was lost is edited, and runs once`(changes: Bool) throws {
        try tab.evaluate("window.loses = true")
        try tab.type("hello once", into: "#prompt")
        try tab.wait(until: "document.querySelector('.unsent[data-state=waiting]')")
        try tab.wait(until: "document.querySelector('#messages').innerText.includes('hello once')", "the server has it")
        #expect(try prompts().count == 1)
        try tab.click("[data-act=edit]")
        #expect(try tab.evaluate("document.querySelector('#prompt').value")?.string == "hello once")
        if changes { try tab.evaluate("document.querySelector('#prompt').value += '!', true") }
        try tab.evaluate("window.loses = false, document.querySelector('#composer').requestSubmit(), true")
        try tab.wait(until: changes ? "document.querySelector('.unsent[data-state=failed]')" : "!document.querySelector('.unsent')")
        if changes { #expect(try tab.text("#outbox").contains("was sent before you edited it")) }
        #expect(try prompts().count == 1)
    }

    @Test(.timeLimit(.minutes(3)), arguments: ["edit", "discard"]) func `a prompt that waits for OpenCode is taken back, if it had not arrived`(
        _ way: String
    ) throws {
        try fixture.commit(#"{"fault":"slow","path":"/api/session/\#(session)/prompt","milliseconds":60000,"times":1}"#)
        try tab.type("long 2000", into: "#prompt")
        try tab.wait(until: "document.querySelector('#outbox').innerText.includes('Waiting for OpenCode')")
        try fixture.commit(#"{"fault":"restart","death":"kill","milliseconds":4000}"#)
        try tab.click("[data-act=\(way)]")
        try tab.wait(until: "!document.querySelector('.unsent')")
        let hasArrived = try !prompts().isEmpty
        #expect(try tab.evaluate("document.querySelector('#prompt').value")?.string == (way == "edit" && !hasArrived ? "long 2000" : ""))
    }
}
