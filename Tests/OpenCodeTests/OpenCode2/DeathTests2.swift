// OpenCode dies in mid-turn and comes back: two halves of a recording, with the read of a heal between. Under `serve` nothing tells of the
// turn that was lost; a managed service goes on by itself. Only the log has the words that were streamed.

import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct DeathTests2 {
    /// Plays all of a recording as ingest would: after each end of the stream the translators are made anew from record and log, and the
    /// sessions are read before any frame of theirs is translated.
    static func played(_ name: String) throws -> Replay2 {
        var replay = Replay2()
        var isHealDue = false
        for line in try Recording2(name).lines {
            if case .closed = line {
                replay.restart()
                replay.forgetAnswers()
                isHealDue = true
            }
            if isHealDue, isUse(line, replay) {
                isHealDue = false
                for id in replay.sessions.keys.sorted() { heal(&replay, id) }
            }
            replay.play(line)
        }
        return replay
    }

    /// A frame of a session, or a call that changes something.
    private static func isUse(_ line: Recording2.Line, _ replay: Replay2) -> Bool {
        switch line {
        case .frame(let frame): if case .session = replay.adapter.route(frame) { true } else { false }
        case .request(_, let method, _): method != "GET"
        case .opened, .closed, .answer, .note: false
        }
    }

    /// What was asked in the recording at that moment: everything, or at least who runs.
    private static func heal(_ replay: inout Replay2, _ id: String) {
        if let read = replay.read(id) { return replay.heal(read) }
        guard case .answered(_, _, _, let body)? = replay.answers["/api/session/active"], let active = try? JSON.parse(body) else { return }
        var read = SessionRead(session: id)
        read.status = active["data"]?.member(named: id) == nil ? .idle : .busy
        replay.settle(read)
    }

    @Test(arguments: RecordingTests2.deaths) func `folds to what REST says, after a last read`(_ name: String) throws {
        var replay = try Self.played(name)
        var compared = 0
        for id in replay.sessions.keys.sorted() where replay.sessions[id]?.isReadLast == true {
            guard let read = replay.read(id) else { continue }
            replay.heal(read)
            #expect(RESTComparison2.differences(try #require(replay.sessions[id]).folded, read) == [], "\(name) \(id)")
            compared += 1
        }
        #expect(compared > 0 || name == "kill_always")
    }

    /// Of each session, in the order in which they were made.
    static let turns: [String: [[String]]] = [
        // The item was in the inbox, and no step had begun: the next run takes it.
        "kill_admitted": [["done", "done"]],
        // Killed between two turns.
        "kill_always": [["done", "done"]],
        "kill_inbox": [["interrupted", "done"]],
        "kill_permission": [["interrupted", "done"]],
        "kill_question": [["interrupted", "done"]],
        // The lost prompt's id sent again makes an empty turn.
        "kill_same_id": [["interrupted", "done", "done"]],
        "kill_text": [["interrupted", "done"]],
        "kill_tool": [["interrupted", "done"]],
        "term_text": [["interrupted", "done"]],
        "term_tool": [["interrupted", "done"]],
        // The service goes on with what ran, and with what was declined (the second), but for what was stopped (the fourth).
        "service_kill": [["done"], ["stopped", "done resumed"], ["done"], ["stopped"], ["done"]],
        "service_term": [["done"], ["stopped", "done resumed"], ["done"], ["stopped"], ["done"]],
        // The second was settled by its prompt's id.
        "service_reject": [["stopped", "done resumed"], ["stopped", "done"]],
    ]

    @Test(arguments: RecordingTests2.deaths) func `turns are told as they went`(_ name: String) throws {
        let replay = try Self.played(name)
        let told = replay.sessions.values.sorted { $0.folded.session?["created"]?.int ?? 0 < $1.folded.session?["created"]?.int ?? 0 }.map {
            session in
            session.folded.turns.map { $0.state.rawValue + ($0.resumed ? " resumed" : "") }
        }
        #expect(told == Self.turns[name], "\(name)")
        for session in replay.sessions.values {
            #expect(session.folded.status == .idle)
            #expect(session.folded.permissions.isEmpty && session.folded.questions.isEmpty)
        }
    }

    @Test(arguments: ["kill_text", "term_text"]) func `the words that only the log has stay`(_ name: String) throws {
        let session = try #require(try Self.played(name).sessions.values.first)
        let cut = try #require(session.folded.messages.first { $0.object["role"]?.says("assistant") == true })
        #expect(cut.object["completed"] != nil)
        #expect((cut.parts.first?.currentText.count ?? 0) > 300)
    }
}
