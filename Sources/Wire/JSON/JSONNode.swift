// What the scanner leaves of a value: where it stands, and what comes behind it.

/// One value on the tape. `next` is the index of the node behind this value and all that is in it.
struct JSONNode: Sendable {
    var kind: JSONKind
    var hasEscapes: Bool
    var start: Int32
    var end: Int32
    var next: Int32
}
