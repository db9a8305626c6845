// The program as a whole: it starts, says its line, dies and comes back, and drains.

import TestSupport
import Testing

@Suite(.ownThread) struct HarnessTests {
    @Test func `prints the URL, answers, and drains with exit 0`() throws {
        let relay = try RelayProcess()
        #expect(try relay.ask("GET", "/healthz").status == 200)
        #expect(try relay.get("/v1/sessions")["sessions"]?.items.count == 0)
        #expect(try relay.drain() == .exited(0), "\(relay.program.errors)")
        #expect(try relay.program.rest() == [])
    }

    @Test func `comes back after a kill with the same token and the same log`() throws {
        let relay = try RelayProcess()
        let token = relay.token
        try relay.post("/v1/topics/builds/events", #"{"build":1}"#)
        try relay.kill()
        try relay.start()
        try relay.post("/v1/topics/builds/events", #"{"build":2}"#)
        #expect(relay.token == token)
        let lines = try relay.log("builds")
        #expect(lines.count == 2)
        #expect(lines.first?.contains(#""event":{"build":1}"#) == true)
    }
}
