// What a scripted model does in one answer, one thing after the other.

enum ModelItem: Sendable {
    /// Word by word.
    case text(String)
    case reasoning(String)
    /// Code point by code point, so that a delta cuts what belongs together.
    case scalars(String)
    /// Word by word without a pause.
    case burst(String)
    /// A tool call; `arguments` is what the model writes, JSON if it is any good.
    case tool(String, arguments: String)
    case pause(Duration)
    /// Instead of an answer: this status.
    case refusal(Int)
    /// The connection goes in the middle of the answer.
    case cut
    /// The answer ends well-formed but without a finish reason.
    case unfinished
}
