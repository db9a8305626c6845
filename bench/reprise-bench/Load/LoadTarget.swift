// Whom the load generator talks to.

import Reactor
import Wire

struct LoadTarget: Sendable {
    let port: UInt16
    /// Nil for a server that asks for none.
    let token: String?
    /// Whether a subscription begins with a `hello`; else it begins with the handshake's answer.
    let saysHello: Bool

    var origin: HTTPOrigin { HTTPOrigin(host: "127.0.0.1", port: port) }
    var headers: [(String, String)] { token.map { [("Authorization", "Bearer \($0)")] } ?? [] }

    /// - Parameter path: of what is read, `/v1/topics/bench` for the plain topic that cases use.
    func subscribeTarget(_ path: String = "/v1/topics/bench", after: String?) -> String {
        path + "/websocket" + (after.map { "?after=\($0)" } ?? "")
    }

    /// A request that publishes, as bytes.
    /// - Parameter isBatch: the body is NDJSON.
    func publishRequest(topic: String = "bench", _ body: [UInt8], isBatch: Bool) -> [UInt8] {
        var head = HTTPHeaders([
            ("Host", origin.authority), ("Content-Type", isBatch ? "application/x-ndjson" : "application/json"),
            ("Content-Length", String(body.count)),
        ])
        for (name, value) in headers { head.add(name, value) }
        var bytes: [UInt8] = []
        HTTPRequestHead(method: "POST", target: "/v1/topics/\(topic)/events", headers: head).encoded(into: &bytes)
        return bytes + body
    }
}
