// Ids are compared byte by byte (protocol/PROTOCOL.md, "Folding"), as JavaScript and SQLite do. Swift's strings are equal when they look the
// same: "é" in one scalar is "é" in two. So what the fold looks up by id is keyed by this.

/// An id as the key of a dictionary or a set.
struct ObjectKey: Hashable, Sendable {
    let id: String

    init(_ id: String) { self.id = id }

    static func == (a: Self, b: Self) -> Bool { a.id.isSameID(as: b.id) }

    // Strings of the same bytes have the same hash.
    func hash(into hasher: inout Hasher) { id.hash(into: &hasher) }
}

extension String {
    /// Byte by byte.
    func isSameID(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
