// What a child is to run, and with what.

public struct ChildCommand: Sendable {
    public enum Output: Sendable, Equatable {
        case discard
        /// Where ours goes.
        case inherit
        /// Handed over line by line.
        case lines
        /// Appended to the file.
        case file(String)
    }

    /// A path, or a name to be found in our own `PATH`.
    public var program: String
    /// Without the program's name.
    public var arguments: [String]
    /// All of it: nothing is inherited.
    public var environment: [String: String]
    /// Where it starts; ours if nil.
    public var directory: String?
    public var output = Output.discard
    public var errors = Output.discard
    /// A process group of its own: a terminal's Ctrl-C does not reach it, and signals go to all that it starts.
    public var hasOwnGroup = false

    public init(program: String, arguments: [String] = [], environment: [String: String] = [:], directory: String? = nil) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
    }
}
