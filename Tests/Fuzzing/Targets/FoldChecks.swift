// What holds of every fold.

import RelayProtocol
import Wire

enum FoldChecks {
    static func fold(_ events: some Sequence<Event>, onto start: FoldedSession = FoldedSession()) -> FoldedSession {
        events.reduce(into: start) { state, event in state.apply(event) }
    }

    /// In order, each thing once, and JSON all over; the canonical form is its own canonical form.
    static func isSound(_ state: FoldedSession) {
        for (one, next) in zip(state.messages, state.messages.dropFirst()) {
            let isOrdered = one.created != next.created ? one.created < next.created : one.id.utf8.lexicographicallyPrecedes(next.id.utf8)
            check(isOrdered, "the messages \(one.id) and \(next.id)")
        }
        for (one, next) in zip(state.turns, state.turns.dropFirst()) { check(one.number < next.number, "the turns \(one), \(next)") }
        let parts = state.messages.flatMap { message in message.parts.map { Array($0.id.utf8) } }
        check(Set(parts).count == parts.count, "a part stands twice")
        let canonical = state.canonicalForm
        guard let value = try? JSON.parse(canonical, depth: Limits.lineDepth + 4) else {
            return check(false, "not JSON: \(text(canonical))")
        }
        check(CanonicalForm.bytes(value) == canonical, "another canonical form of \(text(canonical))")
        check((try? JSON.parse(state.answer(position: .origin), depth: Limits.lineDepth + 4)) != nil, "the answer is not JSON")
    }

    static func mayBeSaidTwice(_ events: [Event], _ folded: FoldedSession) {
        let twice = fold(events.flatMap { $0.kind == .delta ? [$0] : [$0, $0] })
        let (one, two) = (text(folded.canonicalForm), text(twice.canonicalForm))
        check(one == two, "said twice it is\n  \(two)\nonce it is\n  \(one)")
    }

    /// An answer leaves out turns that its messages do not belong to: they are not compared.
    static func resumes(_ events: [Event], after cut: Int, _ folded: FoldedSession) {
        let answer = fold(events[..<cut]).answer(position: .origin, before: "x")
        guard let value = try? JSON.parse(answer, depth: Limits.lineDepth + 4) else { return check(false, "not JSON: \(text(answer))") }
        var (resumed, whole) = (fold(events[cut...], onto: FoldedSession(state: value)), folded)
        (resumed.turns, whole.turns) = ([], [])
        let (one, two) = (text(whole.canonicalForm), text(resumed.canonicalForm))
        check(one == two, "folded on from the answer after \(cut) it is\n  \(two)\nwhole it is\n  \(one)")
    }
}
