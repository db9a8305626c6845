// What is wrong with a value of `--opencode`.

/// A sentence for the user; holds no credentials.
public struct OpenCodeLocationError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
