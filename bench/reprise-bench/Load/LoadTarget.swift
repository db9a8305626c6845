// Whom the load generator talks to.

import Reactor

struct LoadTarget: Sendable {
    let port: UInt16
    /// Nil for a server that asks for none.
    let token: String?
    /// Whether a subscription begins with a `hello`; else it begins with the handshake's answer.
    let saysHello: Bool

    static let topic = "bench"

    var origin: HTTPOrigin { HTTPOrigin(host: "127.0.0.1", port: port) }
    var subscribeTarget: String { "/v1/topics/\(Self.topic)/websocket" }
    var publishTarget: String { "/v1/topics/\(Self.topic)/events" }
    var headers: [(String, String)] { token.map { [("Authorization", "Bearer \($0)")] } ?? [] }
}
