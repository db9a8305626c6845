// Whether the event that closed a card says what a reply had asked for. Then it was this reply, or somebody else has given the same: what
// follows is the same.

import OpenCode
import Wire

extension UpstreamCommand {
    /// `closing` is the payload of `permission.closed` or `question.closed`; nil where that says too little.
    func isAnswer(in closing: [UInt8]) -> Bool? {
        guard let closing = try? JSON.parse(closing, depth: 1024) else { return nil }
        switch self {
        case .permission(_, _, _, let reply, _, _): return closing["reply"]?.string.map { $0 == reply }
        case .question(_, _, _, nil, _): return closing["outcome"].map { $0.says("rejected") }
        case .question(_, _, _, let answer?, _):
            guard closing["outcome"]?.says("answered") == true else { return closing["outcome"].map { _ in false } }
            guard let theirs = closing["answer"], let ours = try? JSON.parse(answer) else { return nil }
            return Self.isSame(ours, theirs)
        case .create, .prompt, .stop: return nil
        }
    }

    /// One choice is told as itself or as a list of one; a field without any may be left out.
    private static func isSame(_ ours: JSONValue, _ theirs: JSONValue) -> Bool {
        func choices(_ answer: JSONValue) -> [String: [JSONValue]] {
            var all: [String: [JSONValue]] = [:]
            for (key, value) in answer.members where !value.isNull { all[key] = value.isArray ? value.items : [value] }
            return all.filter { !$0.value.isEmpty }
        }
        let (mine, told) = (choices(ours), choices(theirs))
        return mine.count == told.count
            && mine.allSatisfy { key, items in
                guard let others = told[key], others.count == items.count else { return false }
                return zip(items, others).allSatisfy { $0.says(sameAs: $1) }
            }
    }
}
