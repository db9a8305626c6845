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
        let stage = try ScriptedStage()
        let browser = try Chromium(stage.relay.folder)
        let session = try stage.newSession()
        let (tab, other) = (try Self.open(stage.relay, browser, session: session), try Self.open(stage.relay, browser, session: session))
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
        let stage = try ScriptedStage()
        let tab = try Self.open(stage.relay, Chromium(stage.relay.folder), session: try stage.newSession())
        try tab.type("long 2000", into: "#prompt")
        try tab.wait(until: "document.querySelector('.text[data-open]')?.textContent.length > 20", "words come")
        try tab.click("#stop")
        try tab.wait(until: Self.isIdle)
        #expect(try tab.text("#messages").contains("Stopped."))
        #expect(try tab.evaluate("document.querySelector('#problem').hidden")?.bool == true)
    }

    @Test(.timeLimit(.minutes(3))) func `the page comes back after a kill of the relay, with every word`() throws {
        let stage = try ScriptedStage()
        let session = try stage.newSession()
        let tab = try Self.open(stage.relay, Chromium(stage.relay.folder), session: session)
        try tab.type("long 300", into: "#prompt")
        try tab.wait(until: "document.querySelector('.text[data-open]')?.textContent.length > 20", "words come")
        try stage.relay.kill()
        try tab.wait(until: "document.querySelector('#connection').textContent !== 'live'")
        try stage.relay.start()
        try tab.wait(until: "document.querySelector('#connection').textContent === 'live'")
        try tab.wait(until: Self.isIdle)
        let answer = try stage.relay.get("/v1/sessions/\(session)")
        let texts = (answer["messages"]?.items ?? []).flatMap { $0["parts"]?.items ?? [] }.compactMap { $0["text"]?.string }
        let shown = try tab.evaluate("[...document.querySelectorAll('#messages .text')].map(text => text.textContent)")?.items.compactMap(
            \.string)
        #expect(!texts.isEmpty && shown == texts)
    }

    @Test(.timeLimit(.minutes(3))) func `a wrong token asks for another one`() throws {
        let relay = try RelayProcess()
        let tab = try Chromium(relay.folder).open("\(relay.url)/#token=\(String(repeating: "x", count: 32))")
        try tab.wait(until: "document.querySelector('#sign-in').open")
        try tab.type(relay.token, into: "#token")
        try tab.wait(until: "!document.querySelector('#sign-in').open && document.querySelector('#problem').hidden")
        #expect(try tab.evaluate("localStorage.getItem('reprise.token')")?.string == relay.token)
    }

    @Test(.timeLimit(.minutes(3))) func `a relay without an OpenCode says what is missing`() throws {
        let relay = try RelayProcess()
        let tab = try Self.open(relay, Chromium(relay.folder))
        try tab.wait(until: "document.querySelector('#upstream').textContent.includes('No OpenCode')")
    }
}
