// Bytes as a test wrote them, and what came back.

import TestSupport
import Wire

struct RawExchange {
    /// Answers in order, with their bodies.
    private(set) var answers: [(head: HTTPResponseHead, body: [UInt8])] = []
    /// The server ended the connection.
    private(set) var hasEnded = false
    let socket: TestSocket
    private var decoder = HTTPResponseDecoder()

    /// - Parameter answers: how many are waited for; the end of the connection ends the wait too.
    init(_ port: UInt16, _ bytes: [UInt8], method: String = "GET", answers count: Int = 1) throws {
        socket = try TestSocket(port: port)
        socket.write(bytes)
        try read(count, method)
    }

    init(_ port: UInt16, _ text: String, method: String = "GET", answers count: Int = 1) throws {
        try self.init(port, Array(text.utf8), method: method, answers: count)
    }

    mutating func send(_ text: String, method: String = "GET", answers count: Int = 1) throws {
        socket.write(text)
        try read(answers.count + count, method)
    }

    /// Reads on until the server ends the connection.
    mutating func readToEnd() throws {
        while try socket.read() != nil {}
        hasEnded = true
    }

    private mutating func read(_ count: Int, _ method: String) throws {
        for _ in answers.count..<count { decoder.expect(method: method) }
        var head: HTTPResponseHead?
        var body: [UInt8] = []
        while answers.count < count {
            switch decoder.next() {
            case .head(let next): head = next
            case .body(let bytes): body += bytes
            case .end:
                guard let whole = head else { throw Unexpected("an answer without a head") }
                answers.append((whole, body))
                (head, body) = (nil, [])
            case .fail(let failure): throw Unexpected("\(failure)")
            case .needMore:
                guard let bytes = try socket.read() else {
                    hasEnded = true
                    return
                }
                decoder.receive(bytes)
            }
        }
    }

    var status: Int? { answers.first?.head.status }
    var code: String? { answers.first.flatMap { try? JSON.parse($0.body)["code"]?.string } }
}
