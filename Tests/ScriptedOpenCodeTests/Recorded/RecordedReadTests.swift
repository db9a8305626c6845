// The recordings `reads` ask all that a page may want to know, of a server that had had sixty sessions. What it says there is of its own
// world; a scripted agent says less, but nothing that the real server would not, and nothing of another kind.

import ScriptedOpenCode
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct RecordedReadTests {
    /// What the scripted agent says and the real server does not.
    private static func strangers(_ played: JSONValue, _ recorded: JSONValue, _ path: String) -> [String] {
        guard played.kind == recorded.kind else { return ["\(path) is another kind"] }
        if played.isArray {
            guard let mine = played.items.first, let theirs = recorded.items.first else { return [] }
            return strangers(mine, theirs, path + "[]")
        }
        return played.members.flatMap { key, value in
            guard let theirs = recorded.member(named: key) else { return ["\(path).\(key)"] }
            return strangers(value, theirs, "\(path).\(key)")
        }
    }

    private static func answers(_ generation: ScriptedGeneration) throws -> [Int: ServerRecording.Answer] {
        var answers: [Int: ServerRecording.Answer] = [:]
        for (_, line) in try ServerRecording("reads", generation).lines {
            if case .answer(let number, let answer) = line { answers[number] = answer }
        }
        return answers
    }

    @Test(arguments: [(ScriptedGeneration.first, 8), (.second, 15)])
    func `says nothing by a read that the real server would not`(_ generation: ScriptedGeneration, _ least: Int) throws {
        var drive = AgentDriver(generation)
        _ = try drive.newSession()
        let answers = try Self.answers(generation)
        var compared = 0
        for (_, line) in try ServerRecording("reads", generation).lines {
            guard case .request(let number, let method, let target, let body) = line, let recorded = answers[number]?.value else {
                continue
            }
            let answer = try drive.exchange(method, target, body)
            guard let played = try? JSON.parse(answer.body) else { continue }
            #expect(Self.strangers(played, recorded, target) == [])
            compared += 1
        }
        #expect(compared >= least)
    }
}
