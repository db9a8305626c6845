// A create that is sent again is answered from what was stored, whatever has become of the place where its session was made.

import Foundation
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct CreateTests {
    @Test(.timeLimit(.minutes(3))) func `a create is answered again when its directory is gone and the server has another root`() throws {
        let fixture = try ScriptedFixture()
        let inner = fixture.relay.folder["project/inner"]
        try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
        let (named, rootless) = (#"{"id":"n1","directory":"\#(inner)"}"#, #"{"id":"n2","title":"anywhere"}"#)
        let sessions = try [named, rootless].map { try fixture.relay.post("/v1/sessions", $0)["id"]?.string }
        #expect(sessions.allSatisfy { $0 != nil } && sessions[0] != sessions[1])
        try FileManager.default.removeItem(atPath: inner)
        try fixture.restartRelay(under: "other")
        for (body, session) in zip([named, rootless], sessions) {
            let again = try fixture.relay.ask("POST", "/v1/sessions", body)
            #expect(again.status == 201, "\(again.text)")
            #expect(try JSON.parse(again.body)["id"]?.string == session)
        }
        let other = try fixture.relay.ask("POST", "/v1/sessions", #"{"id":"n2","title":"elsewhere"}"#)
        #expect(other.status == 409 && other.text.contains("command_conflict"), "\(other.text)")
        let new = try fixture.relay.ask("POST", "/v1/sessions", #"{"id":"n3","directory":"\#(inner)"}"#)
        #expect(new.status == 403 && new.text.contains("directory_outside_roots"), "\(new.text)")
    }
}

extension ScriptedFixture {
    fileprivate func restartRelay(under root: String) throws {
        let directory = relay.folder[root]
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try relay.drain()
        relay.arguments = ["--opencode", "http://127.0.0.1:\(port)", "--directory", directory]
        try relay.start()
    }
}
