// OpenCode dies in mid-turn and comes back: two halves of a recording, with the read of a heal between. Nothing tells of the turn that was
// lost; only the log has its words.

import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct KillTests1 {
    static let kills = ["kill_text", "kill_permission", "kill_question", "term_text"]

    /// Plays up to the death and the reads after the restart; gives the read of the session.
    private func dieAndReturn(_ name: String) throws -> (
        replay: Replay1, session: String, read: SessionRead, rest: ArraySlice<Recording1.Line>
    ) {
        let lines = try Recording1(name).lines
        let death = try #require(lines.firstIndex { if case .closed = $0 { true } else { false } })
        let prompt = try #require(
            lines[death...].firstIndex {
                if case .request(_, "POST", let target) = $0 { target.contains("/prompt_async") } else { false }
            })
        var replay = Replay1()
        replay.play(lines[..<death])
        let session = try #require(replay.sessions.keys.first)
        replay.restart(session)
        replay.play(lines[death..<prompt])
        let directory = try #require(replay.sessions[session]?.translator.directory)
        let read = try #require(replay.read(session, directory: directory))
        return (replay, session, read, lines[prompt...])
    }

    @Test(arguments: kills) func `what a death cut short is interrupted, once`(_ name: String) throws {
        var (replay, session, read, _) = try dieAndReturn(name)
        #expect(replay.sessions[session]?.translator.isBusy == true)
        let before = replay.sessions[session]?.events.count ?? 0
        replay.settle(read)
        let events = try #require(replay.sessions[session]?.events.dropFirst(before))
        #expect(events.last?.kind == .status)
        let turn = try #require(replay.sessions[session]?.folded.turns.last)
        #expect(turn.state == .interrupted)
        #expect(replay.sessions[session]?.folded.permissions.isEmpty == true)
        #expect(replay.sessions[session]?.folded.questions.isEmpty == true)
        #expect(replay.sessions[session]?.folded.status == .idle)
        #expect(replay.sessions[session]?.translator.isBusy == false)

        let after = replay.sessions[session]?.events.count ?? 0
        replay.settle(read)
        #expect(replay.sessions[session]?.events.count == after)
    }

    @Test(arguments: ["kill_text", "term_text"]) func `the words that only the log has stay`(_ name: String) throws {
        var (replay, session, read, _) = try dieAndReturn(name)
        #expect(RESTComparison1.differences(try #require(replay.sessions[session]).folded, read) == [])
        replay.settle(read)
        let open = replay.sessions[session]?.folded.messages.last?.parts.last
        #expect((open?.currentText.count ?? 0) > 100)
    }

    @Test(arguments: kills) func `the next prompt is the next turn`(_ name: String) throws {
        var (replay, session, read, rest) = try dieAndReturn(name)
        replay.settle(read)
        replay.play(rest)
        let folded = try #require(replay.sessions[session]?.folded)
        #expect(folded.turns.map(\.state) == [.interrupted, .done])
        let directory = try #require(replay.sessions[session]?.translator.directory)
        let end = try #require(replay.read(session, directory: directory))
        #expect(RESTComparison1.differences(folded, end) == [])
    }

    /// Three deaths in a row, and then a prompt that is found running.
    @Test func `the prompts of turns that deaths cut short are no later turn's`() throws {
        let id = "ses_1"
        func user(_ message: String, _ created: Int) -> Event {
            .message(message, Array(#"{"id":"\#(message)","role":"user","created":\#(created)}"#.utf8))
        }
        func answer(_ message: String, _ created: Int, _ turn: Int) -> Event {
            .message(message, Array(#"{"id":"\#(message)","role":"assistant","created":\#(created),"turn":\#(turn)}"#.utf8))
        }
        var held = FoldedSession()
        for turn in 1...3 {
            held.apply(user("msg_u\(turn)", turn * 10))
            held.apply(answer("msg_a\(turn)", turn * 10 + 1, turn))
            held.apply(.turn(Turn(number: turn, state: .interrupted, prompts: ["msg_u\(turn)"])))
        }
        var translator = OpenCode1().translator(session: id, record: nil, held: held)
        var read = SessionRead(session: id)
        read.status = .busy
        read.messages = (held.messages.map(\.id) + ["msg_u4", "msg_a4"]).enumerated().map { place, message in
            let role = message.hasPrefix("msg_u") ? "user" : "assistant"
            let created = (place / 2 + 1) * 10 + place % 2
            return MessageRead(
                id: message, created: created,
                object: Array(#"{"id":"\#(message)","role":"\#(role)","created":\#(created)}"#.utf8), parts: [])
        }
        let said = translator.settle(read, now: 100).events
        held = FoldedSession()
        for event in said { held.apply(event) }
        #expect(held.turns.map(\.number) == [4])
        #expect(held.turns.last?.prompts == ["msg_u4"])
    }

    @Test(arguments: kills) func `the count goes on after a death`(_ name: String) throws {
        var (replay, session, _, rest) = try dieAndReturn(name)
        replay.play(rest)
        #expect(replay.sessions[session]?.wishes.contains(.read) == false)
    }
}
