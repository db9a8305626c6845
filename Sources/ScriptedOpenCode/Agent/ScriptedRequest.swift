// A request taken apart.

import Wire

struct ScriptedRequest {
    let method: String
    /// The segments of the path.
    let path: [String]
    let head: HTTPRequestHead
    private let bytes: [UInt8]

    /// - Parameter root: what the path must begin with; nil for what does not.
    init?(method: String, target: String, body: [UInt8], under root: String? = nil) {
        head = HTTPRequestHead(method: method, target: target)
        guard let segments = head.pathSegments, root == nil || segments.first == root else { return nil }
        self.method = method
        path = root == nil ? segments : Array(segments.dropFirst())
        bytes = body
    }

    /// The body; an empty one is an empty object. Nil for what is no JSON.
    var json: JSONValue? { try? JSON.parse(bytes.isEmpty ? Array("{}".utf8) : bytes) }

    func query(_ name: String) -> String? { head.queryItem(name) }
}
