// A tool call of a script. `DIRECTORY` in its texts stands for the session's directory.

import Wire

public struct ScriptTool: Sendable, Equatable {
    /// What the person is asked before the tool runs.
    public struct Ask: Sendable, Equatable {
        public var action: String
        public var resources: [String]
        /// What `always` would store.
        public var save: [String]
        /// A JSON object, for an edit its patch.
        public var metadata: String?

        public init(action: String, resources: [String], save: [String], metadata: String? = nil) {
            self.action = action
            self.resources = resources
            self.save = save
            self.metadata = metadata
        }
    }

    public var name: String
    /// A JSON object.
    public var input: String
    public var output: String
    public var ask: Ask?
    /// The tool fails, and says this.
    public var failure: String?
    /// A JSON object that goes with the result.
    public var metadata: String
    /// What the step has changed, as its end tells.
    public var files: [String]
    public var milliseconds: Int

    // 1.18 only.
    public var title = ""
    /// JSON objects: the metadata of the tool while it runs, one after the other.
    public var progress: [String] = []
    /// A JSON array: the list of tasks that it sets.
    public var todos: String?
    /// The file that it changes.
    public var edits: String?
    /// The model calls it by another name than the one under which it is recorded.
    public var calledAs: String?

    /// What the model writes, where that is not its input.
    public var spoken: String?

    public init(
        _ name: String, input: String, output: String = "", ask: Ask? = nil, failure: String? = nil,
        metadata: String = #"{"truncated":false}"#, files: [String] = [], milliseconds: Int = 8
    ) {
        self.name = name
        self.input = input
        self.output = output
        self.ask = ask
        self.failure = failure
        self.metadata = metadata
        self.files = files
        self.milliseconds = milliseconds
    }

    func `in`(_ directory: String) -> ScriptTool {
        func placed(_ text: String) -> String { Self.placing(directory, in: text) }
        var tool = self
        tool.input = placed(input)
        tool.output = placed(output)
        tool.failure = failure.map(placed)
        tool.metadata = placed(metadata)
        tool.files = files.map(placed)
        tool.title = placed(title)
        tool.progress = progress.map(placed)
        tool.edits = edits.map(placed)
        tool.ask?.metadata = ask?.metadata.map(placed)
        tool.ask?.resources = ask?.resources.map(placed) ?? []
        tool.ask?.save = ask?.save.map(placed) ?? []
        return tool
    }

    /// Also `PARENT`: the folder around the directory.
    private static func placing(_ directory: String, in text: String) -> String {
        let parent = String(directory[..<(directory.lastIndex(of: "/") ?? directory.startIndex)])
        return replacing("PARENT", by: parent, in: replacing("DIRECTORY", by: directory, in: text))
    }

    private static func replacing(_ word: String, by other: String, in text: String) -> String {
        let mark = Array(word.utf8)
        let all = Array(text.utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(all.count)
        var at = 0
        while at < all.count {
            if all[at] == mark[0], all[at...].starts(with: mark) {
                bytes += other.utf8
                at += mark.count
            } else {
                bytes.append(all[at])
                at += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension ScriptTool {
    /// The arguments as the model writes them: with a space behind each comma and colon.
    var spokenInput: String {
        if let spoken { return spoken }
        var bytes: [UInt8] = []
        var isInString = false
        var isEscaped = false
        for byte in input.utf8 {
            bytes.append(byte)
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
            } else if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") {
                bytes.append(UInt8(ascii: " "))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// In how many pieces the model says them.
    var spokenPieces: Int {
        let count = spokenInput.utf8.count
        let size = count < 4000 ? 24 : 2048
        return (count + size - 1) / size
    }

    /// A string as it stands in JSON, with its quotes.
    static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        JSONText.append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
