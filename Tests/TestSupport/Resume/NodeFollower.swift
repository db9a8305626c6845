// The JavaScript client in node as a subscriber of a topic.

import Foundation

public final class NodeFollower: Sendable {
    private static let here = URL(filePath: #filePath).deletingLastPathComponent()
    private static let client = here.appending(path: "../../../Sources/WebPage/page/reprise.js").standardizedFileURL.path()

    public let received = ReceivedLines()
    private let program: RunningProgram

    /// Nil where there is no node with WebSockets.
    public init?(url: String, token: String, topic: String, environment: [String: String]) throws {
        guard let node = NodeProgram.path else { return nil }
        let program = try RunningProgram(
            node, [Self.here.appending(path: "follow.mjs").path(), Self.client, url, token, topic], environment: environment,
            onLine: { [received] in received.write($0 + "\n") })
        self.program = program
    }

    deinit { program.send(.kill) }
}
