// A request taken apart.

import Wire

struct ScriptedRequest {
    let method: String
    /// The path behind `/api`.
    let path: [String]
    let head: HTTPRequestHead
    private let bytes: [UInt8]

    /// Nil for what is not under `/api`.
    init?(method: String, target: String, body: [UInt8]) {
        head = HTTPRequestHead(method: method, target: target)
        guard let segments = head.pathSegments, segments.first == "api" else { return nil }
        self.method = method
        path = Array(segments.dropFirst())
        bytes = body
    }

    /// The body, which must be an object. An empty one is an empty object.
    func body() throws(ScriptedProblem) -> JSONValue {
        let value: JSONValue
        do { value = try JSON.parse(bytes.isEmpty ? Array("{}".utf8) : bytes) } catch { throw .invalid("Expected a valid JSON body") }
        guard value.isObject else { throw .invalid("Expected object") }
        return value
    }

    func query(_ name: String) -> String? { head.queryItem(name) }

    func limit(_ standard: Int, atMost: Int) throws(ScriptedProblem) -> Int {
        guard let text = query("limit") else { return standard }
        guard let limit = Int(text), limit >= 1 else {
            throw .invalid("Expected a value greater than or equal to 1\n  at [\"limit\"]", kind: "Query")
        }
        guard limit <= atMost else { throw .invalid("Expected a value less than or equal to \(atMost)\n  at [\"limit\"]", kind: "Query") }
        return limit
    }
}

extension JSONValue {
    /// A member that must be a string.
    func text(_ name: StaticString) throws(ScriptedProblem) -> String {
        guard let value = member(name) else { throw .invalid("Missing key\n  at [\"\(name)\"]") }
        guard let text = value.string else { throw .invalid("Expected string\n  at [\"\(name)\"]") }
        return text
    }
}
