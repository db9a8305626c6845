// A call as it is made in a play.

enum PlayedCall: Sendable {
    /// A command of the program.
    case program(path: String, body: String)
    case straight(_ method: String, _ target: String, _ body: String)
}
