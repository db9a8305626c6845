// A tool call of a script. `DIRECTORY` in its texts stands for the session's directory.

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
        var tool = self
        tool.input = Self.placing(directory, in: input)
        tool.output = Self.placing(directory, in: output)
        tool.failure = failure.map { Self.placing(directory, in: $0) }
        return tool
    }

    private static func placing(_ directory: String, in text: String) -> String {
        let mark = Array("DIRECTORY".utf8)
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            if rest.starts(with: mark) {
                bytes += directory.utf8
                rest = rest.dropFirst(mark.count)
            } else {
                bytes.append(rest.removeFirst())
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
