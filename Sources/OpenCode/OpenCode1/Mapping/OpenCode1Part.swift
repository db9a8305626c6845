// What the mapping of a part gives: its object, and what a translator must know of it.

/// A part in our words, with what a translator must know of it.
struct OpenCode1Part {
    enum Kind { case text, tool, compaction, other }
    var id: String
    var message: String
    var kind: Kind
    /// Without `output` where it is a running tool: that is kept apart, because it grows.
    var object: [UInt8]
    /// A running tool's output so far, the inside of a JSON string.
    var output: ArraySlice<UInt8> = []
    var isOpen = false
    /// Of a tool or a compaction: 0 pending, 1 running, 2 over.
    var stage = 2

    /// The object to say.
    var whole: [UInt8] {
        guard !output.isEmpty else { return object }
        var bytes = object
        bytes.removeLast()
        bytes.append(contentsOf: ",\"output\":\"".utf8)
        bytes.append(contentsOf: output)
        bytes.append(contentsOf: "\"}".utf8)
        return bytes
    }
}

/// How a compaction goes; its own part does not say it.
enum OpenCode1Compaction: Equatable {
    case running, completed
    /// An error object.
    case failed([UInt8])
}
