// Where a real OpenCode that runs is asked, whoever started it.

import Wire

public struct OpenCodeAPI: Sendable {
    public let generation: OpenCodeGeneration
    public let port: UInt16
    public let password: String

    public init(_ generation: OpenCodeGeneration, port: UInt16, password: String) {
        (self.generation, self.port, self.password) = (generation, port, password)
    }

    public var authorization: (String, String) { ("authorization", "Basic " + Base64.encode(Array("opencode:\(password)".utf8))) }

    /// One request, with the password.
    public func ask(_ method: String, _ target: String, body: String = "") throws -> PlainExchange {
        var headers = [authorization]
        if !body.isEmpty { headers.append(("content-type", "application/json")) }
        return try PlainExchange.ask(port, method, target, headers: headers, body: body)
    }

    /// What it answers, whatever the status; nil if that is no JSON.
    public func answer(_ method: String, _ target: String) throws -> JSONValue? { try? JSON.parse(ask(method, target).body, depth: 1024) }
}
