// What 1.18 has besides row and messages: tasks.

import OpenCode
import RelayProtocol
import Wire

enum RESTComparison1 {
    /// How the fold differs from the read, in words; empty: not at all.
    static func differences(_ folded: FoldedSession, _ read: SessionRead) -> [String] {
        var found = RESTComparison.differences(folded, read)
        if let tasks = read.tasks.flatMap({ try? JSON.parse($0) }), !tasks.items.isEmpty || folded.tasks != nil {
            if folded.tasks?.says(sameAs: tasks) != true { found.append("tasks") }
        }
        return found
    }
}
