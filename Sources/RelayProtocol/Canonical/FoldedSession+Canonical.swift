// The canonical form of a session, by which a rebuild is judged and a page checks itself.

import Wire

extension FoldedSession {
    /// The canonical form of the state: `session`, `status`, `error`, `turns` (all that are held), `messages`, `tasks`, `permissions`,
    /// `questions`, `queue`, as an answer has them, without `position` and `before`.
    public var canonicalForm: [UInt8] {
        let state = JSONWriter.object { writeMembers(turns: turns, to: &$0) }
        // What was written is JSON, unless somebody put in bytes that are none: then the bytes speak for themselves.
        guard let value = try? JSON.parse(state, depth: Limits.lineDepth + 4) else { return state }
        return CanonicalForm.bytes(value)
    }

    /// SHA-256 of the canonical form, 64 hex digits.
    public var digest: String { CanonicalForm.digest(canonicalForm) }
}
