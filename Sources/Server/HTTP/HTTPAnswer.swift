// An answer, whole: status, fields, body. Made on any thread, written on the connection's loop.

import Reactor
import RelayProtocol
import Wire

public struct HTTPAnswer: Sendable {
    public var status: Int
    public var headers: HTTPHeaders
    public var body: [UInt8]

    public init(_ status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    static func json(_ body: [UInt8], status: Int = 200) -> HTTPAnswer {
        HTTPAnswer(status, headers: jsonHeaders, body: body)
    }

    private static let jsonHeaders: HTTPHeaders = ["content-type": "application/json", "cache-control": "no-store"]

    static func problem(_ problem: Problem, headers: HTTPHeaders = [:]) -> HTTPAnswer {
        var headers = headers
        headers.set("content-type", Problem.mediaType)
        headers.set("cache-control", "no-store")
        switch problem.code.status {
        case 401: headers.set("www-authenticate", "Bearer realm=\"reprise\"")
        case 503: if headers["retry-after"] == nil { headers.set("retry-after", "1") }
        default: break
        }
        return HTTPAnswer(problem.code.status, headers: headers, body: problem.json)
    }

    /// The bytes that go out. A HEAD gets the fields of its GET and no body.
    func encoded(isHead: Bool, keepAlive: Bool, into output: inout [UInt8]) {
        output.reserveCapacity(output.count + 512 + (isHead ? 0 : body.count))
        HTTPResponseHead(status: status, headers: headers).encoded(into: &output) { appendUsualFields(keepAlive: keepAlive, to: &$0) }
        if !isHead { output += body }
    }

    /// What every answer has. They are bytes from the start: as fields of a dictionary they cost more than all else that an answer does.
    private func appendUsualFields(keepAlive: Bool, to output: inout [UInt8]) {
        if status != 204, status != 304 {
            output += Self.contentLength
            output.append(decimal: body.count)
            output += Self.lineEnd
        }
        output += Self.date
        HTTPDate.append(unixSeconds: WallClock.now / 1000, to: &output)
        output += Self.policy
        if !keepAlive { output += Self.close }
    }

    private static let contentLength = Array("content-length: ".utf8)
    private static let lineEnd = Array("\r\n".utf8)
    private static let date = Array("date: ".utf8)
    private static let policy = Array("\r\nx-content-type-options: nosniff\r\ncross-origin-resource-policy: same-origin\r\n".utf8)
    private static let close = Array("connection: close\r\n".utf8)
}
