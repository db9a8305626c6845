// How a call of a recording is made: through the program, or straight to OpenCode.

enum RoutedCall: Sendable {
    /// A command of the program.
    case program(path: String, body: String)
    case straight(_ method: String, _ target: String, _ body: String)
}
