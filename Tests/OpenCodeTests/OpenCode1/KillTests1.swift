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

    @Test(arguments: kills) func `the count goes on after a death`(_ name: String) throws {
        var (replay, session, _, rest) = try dieAndReturn(name)
        replay.play(rest)
        #expect(replay.sessions[session]?.wishes.contains(.read) == false)
    }
}
