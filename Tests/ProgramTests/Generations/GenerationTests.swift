// Real servers of both generations behind the program: what a person does to a session, and what is left of it when OpenCode is gone.

import Foundation
import TestSupport
import Testing
import Wire

extension RealServers {
    @Suite(.serialized) struct GenerationTests {
        @Test(.timeLimit(.minutes(5)), arguments: OpenCodeGeneration.installed)
        func `runs a session, and still has all of it without OpenCode`(_ generation: OpenCodeGeneration) throws {
            let fixture = try RealFixture(generation)
            let session = try fixture.newSession()
            let reader = try fixture.reader(session)
            try fixture.prompt(session, "hello")
            #expect(try reader.untilIdle() == "done")

            // A second one comes in the middle: from the state, not from the beginning.
            let second = try fixture.reader(session, after: nil)
            try second.next()
            try second.next()
            #expect(second.controls.map { $0["type"]?.string } == ["hello", "snapshot"])
            let joined = try #require(second.controls.last?["position"]?.string)

            try allow(fixture, session, reader)
            try reject(fixture, session, reader)
            try stop(fixture, session, reader)

            let head = try #require(try fixture.relay.get("/v1/sessions/\(session)")["position"]?.string)
            try reader.until(position: head)
            try second.until(position: head)
            #expect(second.lines == reader.lines.filter { $0.dropFirst(7).prefix(21) > joined })
            let log = try fixture.relay.log(session)
            #expect(reader.lines == log)
            try compareWithoutOpenCode(fixture, session)
        }

        private func allow(_ fixture: RealFixture, _ session: String, _ reader: TopicReader) throws {
            try fixture.prompt(session, "edit once please")
            let card = try reader.untilAsked()
            #expect(try fixture.relay.get("/v1/sessions")["sessions"]?.items.first?["waiting"]?["permissions"]?.int == 1)
            try fixture.relay.post("/v1/sessions/\(session)/permissions/\(card)", #"{"reply":"once"}"#)
            #expect(try reader.untilIdle() == "done")
            #expect(try String(contentsOfFile: fixture.opencode.project + "/app.py", encoding: .utf8).contains("hello, world"))
            let late = try fixture.relay.ask("POST", "/v1/sessions/\(session)/permissions/\(card)", #"{"reply":"reject"}"#)
            #expect(late.status == 409 && late.text.contains("already_answered"), "\(late.text)")
        }

        private func reject(_ fixture: RealFixture, _ session: String, _ reader: TopicReader) throws {
            try fixture.prompt(session, "bigoutput please")
            let card = try reader.untilAsked()
            try fixture.relay.post("/v1/sessions/\(session)/permissions/\(card)", #"{"reply":"reject"}"#)
            #expect(try reader.untilIdle() != "done")
            let state = try fixture.relay.get("/v1/sessions/\(session)")
            #expect(state["status"]?["status"]?.string == "idle")
            #expect(state["permissions"]?.items.isEmpty == true)
        }

        private func stop(_ fixture: RealFixture, _ session: String, _ reader: TopicReader) throws {
            try fixture.prompt(session, "long please")
            try reader.until { $0.isEvent("delta") }
            let busy = try fixture.relay.ask("POST", "/v1/sessions/\(session)/chat", #"{"content":"and this"}"#)
            #expect(busy.status == 409 && busy.text.contains("session_busy"), "\(busy.text)")
            try fixture.relay.post("/v1/sessions/\(session)/stop", "{}")
            #expect(try reader.untilIdle() == "stopped")
        }

        private func compareWithoutOpenCode(_ fixture: RealFixture, _ session: String) throws {
            let theirs = ComparableMessage.theirs(try fixture.upstreamMessages(session), fixture.opencode.generation)
            // Nothing is said any more: a title can come long after its turn.
            fixture.opencode.kill()
            try fixture.relay.program.error(with: "upstream away")
            let answer = try fixture.relay.ask("GET", "/v1/sessions/\(session)").text
            let ours = ComparableMessage.ours(try JSON.parse(Array(answer.utf8)))
            #expect(ours == theirs)
            try fixture.relay.kill()
            fixture.relay.arguments = ["--opencode", "none"]
            try fixture.relay.start()
            #expect(try fixture.relay.ask("GET", "/v1/sessions/\(session)").text == answer)
            let prompt = try fixture.relay.ask("POST", "/v1/sessions/\(session)/chat", #"{"content":"anybody?"}"#)
            #expect(prompt.status == 503 && prompt.text.contains("upstream_unavailable"), "\(prompt.text)")
            #expect(try fixture.relay.drain() == .exited(0))
        }
    }
}
