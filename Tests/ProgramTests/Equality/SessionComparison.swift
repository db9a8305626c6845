// Where our content of a session and OpenCode's differ, in words. A text that was open at a death of OpenCode or at a provider's cut is the one
// exception: one of the two begins with the other, and ours is what a reader beside us heard, or OpenCode's where that is longer.

import TestSupport
import Wire

struct SessionComparison {
    let ours: SessionContent
    let theirs: SessionContent
    /// Something was cut short in it.
    let mayBeCut: Bool
    /// What was streamed of each part, as JSON between quotes.
    let heard: [String: [UInt8]]

    var differences: [String] {
        if theirs.isGone { return ours.isGone ? [] : ["\(ours.session): OpenCode has it no more, we do not say so"] }
        var found: [String] = []
        if ours.isGone { found.append("we say that it is gone") }
        if ours.title != theirs.title { found.append("title “\(ours.title ?? "")”, not “\(theirs.title ?? "")”") }
        if ours.directory != theirs.directory { found.append("directory \(ours.directory ?? ""), not \(theirs.directory ?? "")") }
        if ours.messages.map(\.id) != theirs.messages.map(\.id) {
            found.append("messages \(ours.messages.map { "\($0.id) \($0.role)" }), not \(theirs.messages.map { "\($0.id) \($0.role)" })")
        } else {
            for (mine, other) in zip(ours.messages, theirs.messages) where !isSame(mine, other) {
                found.append("we say\(mine)\n  OpenCode\(other)")
            }
        }
        return found.map { "\(ours.session): \($0)" }
    }

    private func isSame(_ mine: ComparableMessage, _ other: ComparableMessage) -> Bool {
        if mine == other { return true }
        guard mayBeCut, mine.role == other.role, mine.isCompleted == other.isCompleted, mine.error == other.error else { return false }
        return mine.parts.count == other.parts.count && zip(mine.parts, other.parts).allSatisfy { isSame($0, $1) }
    }

    private func isSame(_ mine: ComparablePart, _ other: ComparablePart) -> Bool {
        if mine == other { return true }
        guard mine.id == other.id, !mine.id.isEmpty, mine.what == other.what, let said = mine.text, let given = other.text else {
            return false
        }
        guard said.utf8.starts(with: given.utf8), let streamed = heard[mine.id] else { return false }
        return said == (try? JSON.parse([0x22] + streamed + [0x22]))?.string
    }
}
