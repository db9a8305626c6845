// Real servers of both generations behind the program: what a person does to a session, and what is left of it when OpenCode is gone.

import Foundation
import TestSupport
import Testing
import Wire

extension RealServers {
    @Suite(.serialized) struct GenerationTests {
        @Test(.timeLimit(.minutes(5)), arguments: OpenCodeGeneration.installed)
        func `plays a session, and still has all of it without OpenCode`(_ generation: OpenCodeGeneration) throws {
            let stage = try Stage(generation)
            let session = try stage.newSession()
            let reader = try stage.reader(session)
            try stage.prompt(session, "hello")
            #expect(try reader.untilIdle() == "done")

            // A second one comes in the middle: from the state, not from the beginning.
            let second = try stage.reader(session, after: nil)
            try second.next()
            try second.next()
            #expect(second.controls.map { $0["type"]?.string } == ["hello", "snapshot"])
            let joined = try #require(second.controls.last?["position"]?.string)

            try allow(stage, session, reader)
            try reject(stage, session, reader)
            try stop(stage, session, reader)

            let head = try #require(try stage.relay.get("/v1/sessions/\(session)")["position"]?.string)
            try reader.until(position: head)
            try second.until(position: head)
            #expect(second.lines == reader.lines.filter { $0.dropFirst(7).prefix(21) > joined })
            let log = try stage.relay.log(session)
            #expect(reader.lines == log)
            try compareWithoutOpenCode(stage, session)
        }

        private func allow(_ stage: Stage, _ session: String, _ reader: TopicReader) throws {
            try stage.prompt(session, "edit once please")
            let card = try reader.untilAsked()
            #expect(try stage.relay.get("/v1/sessions")["sessions"]?.items.first?["waiting"]?["permissions"]?.int == 1)
            try stage.relay.post("/v1/sessions/\(session)/permissions/\(card)", #"{"reply":"once"}"#)
            #expect(try reader.untilIdle() == "done")
            #expect(try String(contentsOfFile: stage.opencode.project + "/app.py", encoding: .utf8).contains("hello, world"))
            let late = try stage.relay.ask("POST", "/v1/sessions/\(session)/permissions/\(card)", #"{"reply":"reject"}"#)
            #expect(late.status == 409 && late.text.contains("already_answered"), "\(late.text)")
        }

        private func reject(_ stage: Stage, _ session: String, _ reader: TopicReader) throws {
            try stage.prompt(session, "bigoutput please")
            let card = try reader.untilAsked()
            try stage.relay.post("/v1/sessions/\(session)/permissions/\(card)", #"{"reply":"reject"}"#)
            #expect(try reader.untilIdle() != "done")
            let state = try stage.relay.get("/v1/sessions/\(session)")
            #expect(state["status"]?["status"]?.string == "idle")
            #expect(state["permissions"]?.items.isEmpty == true)
        }

        private func stop(_ stage: Stage, _ session: String, _ reader: TopicReader) throws {
            try stage.prompt(session, "long please")
            try reader.until { $0.isEvent("delta") }
            let busy = try stage.relay.ask("POST", "/v1/sessions/\(session)/chat", #"{"content":"and this"}"#)
            #expect(busy.status == 409 && busy.text.contains("session_busy"), "\(busy.text)")
            try stage.relay.post("/v1/sessions/\(session)/stop", "{}")
            #expect(try reader.untilIdle() == "stopped")
        }

        private func compareWithoutOpenCode(_ stage: Stage, _ session: String) throws {
            let theirs = SaidMessage.theirs(try stage.upstreamMessages(session), stage.opencode.generation)
            // Nothing is said any more: a title can come long after its turn.
            stage.opencode.kill()
            try stage.relay.program.error(with: "upstream away")
            let answer = try stage.relay.ask("GET", "/v1/sessions/\(session)").text
            let ours = SaidMessage.ours(try JSON.parse(Array(answer.utf8)))
            #expect(ours == theirs)
            try stage.relay.kill()
            stage.relay.arguments = ["--opencode", "none"]
            try stage.relay.start()
            #expect(try stage.relay.ask("GET", "/v1/sessions/\(session)").text == answer)
            let prompt = try stage.relay.ask("POST", "/v1/sessions/\(session)/chat", #"{"content":"anybody?"}"#)
            #expect(prompt.status == 503 && prompt.text.contains("upstream_unavailable"), "\(prompt.text)")
            #expect(try stage.relay.drain() == .exited(0))
        }
    }
}
