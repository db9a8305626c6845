// The token that a browser has: from a link, from the dialog, or kept.

import Foundation
import TestSupport
import Testing
import Wire

@Suite(.ownThread, .serialized, .enabled(if: Chromium.program != nil, "needs Chromium")) struct SignInTests {
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
        let tab = try Chromium(relay.folder).open(relay)
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

    @Test(.timeLimit(.minutes(3))) func `a link that nobody could be asked about replaces no token`() throws {
        let relay = try RelayProcess(["--opencode", "none"])
        let tab = try Chromium(relay.folder).open(relay)
        // Its first question fails as one does while a server starts; the next ones are answered.
        let failing = """
            if (location.hash.includes("token=xxx")) {
                const ask = window.fetch;
                window.fetch = async () => { window.fetch = ask; throw new TypeError("nobody there"); };
            }
            """
        try tab.ask("Page.enable")
        try tab.ask("Page.addScriptToEvaluateOnNewDocument", ["source": BrowserTab.quoted(failing)])
        let link = "'#token=\(String(repeating: "x", count: 32))'"
        try tab.evaluate("window.isOld = true, history.replaceState(null, '', \(link)), location.reload(), true")
        try tab.wait(
            until: "performance.getEntriesByType('resource').some(one => one.name.includes('/v1/sessions') && one.responseStatus === 200)"
                + " && !window.isOld && !document.querySelector('#sign-in').open",
            "the kept one is used")
        #expect(try tab.evaluate("localStorage['reprise.token']")?.string == relay.token)
    }

    @Test(.timeLimit(.minutes(3))) func `a URL with a token, opened where the page is shown already, is taken`() throws {
        let fixture = try ScriptedFixture()
        let session = try fixture.newSession()
        let tab = try Chromium(fixture.relay.folder).open(fixture.relay, session: session)
        try tab.evaluate("localStorage.clear(), window.isOld = true, location.hash = 'token=\(fixture.relay.token)'")
        try tab.wait(until: "!window.isOld && document.querySelector('#connection').textContent === 'live'", "the page begins anew")
        #expect(try tab.evaluate("location.hash")?.string == "#" + session)
        #expect(try tab.evaluate("localStorage.getItem('reprise.token')")?.string == fixture.relay.token)
    }
}
