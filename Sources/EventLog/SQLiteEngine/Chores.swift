// What is to be taken away between commits, as far as the writer knows.

import RelayProtocol
import SQLite

struct Chores {
    private(set) var doomed: [Int64]
    private(set) var orphans: [Int64]
    /// Pages are free that the file may give back.
    var mayShrink = false
    /// When keys that are too old were last looked for, and whether some are left.
    var lastKeySweep: Int64 = 0
    var oldKeysAreLeft = false
    /// After an error: not before something else was committed.
    var arePaused = false

    /// What the last run has left.
    init(_ database: Connection) throws {
        doomed = try Removal(database: database).doomed()
        orphans = try BlobTable(database: database).ids(of: 0, limit: .max)
    }

    var areLeft: Bool { !arePaused && (!doomed.isEmpty || !orphans.isEmpty || mayShrink || oldKeysAreLeft) }

    mutating func add(doomed topic: Int64) { doomed.append(topic) }
    mutating func add(orphan blob: Int64) { orphans.append(blob) }
    mutating func removeDoomed() { doomed.removeFirst() }
    mutating func removeOrphan() { orphans.removeLast() }
}
