// A request as it goes out, with the fields that it must have.

import Wire

extension HTTPRequest {
    /// Asking twice does what asking once does (RFC 9110, 9.2.2).
    var isIdempotent: Bool { ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"].contains(method) }

    private var needsLength: Bool { !body.isEmpty || ["POST", "PUT", "PATCH"].contains(method) }

    func encoded(for origin: HTTPOrigin) -> [UInt8] {
        var fields = HTTPHeaders()
        if headers["Host"] == nil { fields.add("Host", origin.authority) }
        for (name, value) in headers { fields.add(name, value) }
        if needsLength { fields.set("Content-Length", String(body.count)) }
        var bytes: [UInt8] = []
        HTTPRequestHead(method: method, target: target, headers: fields).encoded(into: &bytes)
        bytes += body
        return bytes
    }
}
