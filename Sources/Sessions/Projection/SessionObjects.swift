// The objects of one session in their tables. Writing follows the rules by which a `FoldedSession` folds; reading gives rows, not state.

import SQLite

/// One session's messages, parts, turns and cards, over the writer's connection or a reader's.
struct SessionObjects {
    let database: Connection
    /// The topic's number in the log.
    let topic: Int64
}
