// Where a program that runs is asked over HTTP, by any thread.

import Wire

public struct RelayAPI: Sendable {
    public let port: UInt16
    public let token: String

    public init(port: UInt16, token: String) { (self.port, self.token) = (port, token) }

    public var authorization: (String, String) { ("authorization", "Bearer \(token)") }

    @discardableResult
    public func ask(_ method: String, _ path: String, _ body: String = "", headers: [(String, String)] = []) throws -> PlainExchange {
        let type = body.isEmpty || headers.contains { $0.0 == "content-type" } ? [] : [("content-type", "application/json")]
        return try PlainExchange.ask(port, method, path, headers: [authorization] + type + headers, body: body)
    }

    public func get(_ path: String, headers: [(String, String)] = []) throws -> JSONValue { try answer(ask("GET", path, headers: headers)) }

    @discardableResult
    public func post(_ path: String, _ body: String, headers: [(String, String)] = []) throws -> JSONValue {
        try answer(ask("POST", path, body, headers: headers))
    }

    public struct Refused: Error {
        public let status: Int
        public let body: String
        public init(status: Int, body: String) { (self.status, self.body) = (status, body) }
    }

    private func answer(_ exchange: PlainExchange) throws -> JSONValue {
        guard (200..<300).contains(exchange.status) else { throw Refused(status: exchange.status, body: exchange.text) }
        return try JSON.parse(exchange.body, depth: 1024)
    }

    /// Waits until a topic has something behind a position, not longer than a second.
    public func waitForNews(of topic: String, after position: String) throws {
        try ask("GET", "/v1/topics/\(topic)/events?after=\(position)&limit=1&wait=1", headers: [("accept", "application/x-ndjson")])
    }
}
