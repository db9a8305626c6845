// The answers that were played, held against those that were recorded.

import ScriptedOpenCode
import Wire

extension RecordingReplay {
    /// How the answers to reads differ, in words. Mid-turn they are as far as the turn is, so only those at the end count, and the status
    /// of all.
    mutating func answerDifferences(besides: (_ target: String) -> Bool = { _ in false }) -> [String] {
        var found: [String] = []
        for answer in answers {
            guard let recorded = answer.recorded, !besides(answer.target) else { continue }
            if answer.played.status != recorded.status {
                found.append("\(answer.method) \(answer.target): \(answer.played.status), not \(recorded.status)")
            }
            if answer.target.contains("/log"), let difference = logDifference(answer.played, recorded) { found.append(difference) }
        }
        let lastPost = answers.lastIndex { $0.method != "GET" } ?? -1
        for answer in answers.dropFirst(lastPost + 1) where !besides(answer.target) {
            guard let recorded = answer.recorded?.value, let played = answer.played.value else { continue }
            let mine = texts(played, of: \.played, translated(answer.target))
            let theirs = texts(recorded, of: \.recorded, answer.target)
            if mine != theirs {
                found.append("\(answer.target)\n  played   \(mine.prefix(3000))\n  recorded \(theirs.prefix(3000))")
            }
        }
        return found
    }

    /// What a session's log tells is no JSON, and true at any time.
    private func logDifference(_ played: ServerRecording.Answer, _ recorded: ServerRecording.Answer) -> String? {
        func seq(_ answer: ServerRecording.Answer) -> Int? {
            AgentDriver.frames(answer.body).first.flatMap { try? JSON.parse($0)["seq"]?.int }
        }
        return seq(played) == seq(recorded) ? nil : "the log: \(seq(played) ?? -1), not \(seq(recorded) ?? -1)"
    }

    /// Lists of a directory also hold what other recordings left.
    private mutating func texts(_ value: JSONValue, of side: WritableKeyPath<RecordingReplay, FrameLanes>, _ target: String) -> String {
        self[keyPath: side].normal.enter(target)
        let list = value["data"] ?? value
        guard list.isArray else { return self[keyPath: side].normal.text(value) }
        let known = list.items.filter { item in
            guard let owner = (item["sessionID"] ?? item["id"])?.string, owner.hasPrefix("ses") else { return true }
            return self[keyPath: side].normal.names.known(owner) != nil
        }
        return known.map { self[keyPath: side].normal.text($0) }.joined(separator: "\n")
    }
}
