// One HTTP request on a connection of its own.

import Wire

public struct PlainExchange: Sendable {
    public struct Broken: Error, Sendable {
        public let reason: String
    }

    public let head: HTTPResponseHead
    public let body: [UInt8]

    public var status: Int { head.status }
    public var text: String { String(decoding: body, as: UTF8.self) }

    public static func ask(
        _ port: UInt16, _ method: String, _ target: String, headers: [(String, String)] = [], body: String = ""
    ) throws -> PlainExchange {
        let socket = try TestSocket(port: port)
        defer { socket.close() }
        var request = HTTPRequestHead(method: method, target: target, headers: ["host": "127.0.0.1:\(port)", "connection": "close"])
        for (name, value) in headers { request.headers.add(name, value) }
        if !body.isEmpty || method != "GET" { request.headers.add("content-length", String(body.utf8.count)) }
        var bytes: [UInt8] = []
        request.encoded(into: &bytes)
        socket.write(bytes + Array(body.utf8))
        return try answer(to: method, socket)
    }

    private static func answer(to method: String, _ socket: TestSocket) throws -> PlainExchange {
        var decoder = HTTPResponseDecoder(limits: HTTPLimits(bodyBytes: 256 << 20))
        decoder.expect(method: method)
        var head: HTTPResponseHead?
        var body: [UInt8] = []
        while true {
            switch decoder.next() {
            case .head(let next): head = next
            case .body(let bytes): body += bytes
            case .end:
                guard let head else { throw Broken(reason: "no head") }
                return PlainExchange(head: head, body: body)
            case .fail(let failure): throw Broken(reason: "\(failure)")
            case .needMore:
                if let bytes = try socket.read() {
                    decoder.receive(bytes)
                } else if case .end = decoder.endOfStream(), let head {
                    return PlainExchange(head: head, body: body)
                } else {
                    throw Broken(reason: "the answer was cut off")
                }
            }
        }
    }
}
