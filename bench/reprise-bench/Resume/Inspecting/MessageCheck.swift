// The messages of a session are OpenCode's. One exception: a text that was open at a death of OpenCode, of which Reprise may have more: what
// only it has heard. Never less: what OpenCode has saved is read.

import TestSupport

struct MessageCheck {
    let session: String
    /// Messages that were open at a death.
    let torn: Set<String>

    func faults(ours mine: [ComparableMessage], theirs others: [ComparableMessage]) -> [String] {
        if mine.map(\.id) != others.map(\.id) {
            let (missing, more) = (Set(others.map(\.id)).subtracting(mine.map(\.id)), Set(mine.map(\.id)).subtracting(others.map(\.id)))
            return ["\(session): not OpenCode's messages: missing \(missing.sorted()), too many \(more.sorted()), or another order"]
        }
        return zip(mine, others).compactMap { mine, other in
            if mine == other || (torn.contains(mine.id) && isTornAlike(mine, other)) { return nil }
            return "\(session): ours is\("\(mine)".prefix(600))\nOpenCode's is\("\(other)".prefix(600))"
        }
    }

    private func isTornAlike(_ mine: ComparableMessage, _ other: ComparableMessage) -> Bool {
        guard mine.role == other.role, mine.isCompleted == other.isCompleted, mine.error == other.error,
            mine.parts.count == other.parts.count
        else { return false }
        return zip(mine.parts, other.parts).allSatisfy { mine, other in
            guard mine != other else { return true }
            // Only texts and reasonings have ids.
            guard mine.id == other.id, !mine.id.isEmpty, mine.what == other.what, let said = mine.text, let given = other.text else {
                return false
            }
            return said.hasPrefix(given)
        }
    }
}
