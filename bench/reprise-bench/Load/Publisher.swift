// A connection that publishes: a request, its answer, the next. It knows as much of HTTP as these answers need, because it must cost less than
// the server.

import Reactor
import Wire

final class Publisher: ConnectionHandler {
    private let connection: Connection
    private let failed: (String) -> Void
    private var answered: (() -> Void)?
    private var received: [UInt8] = []

    private init(_ connection: Connection, _ failed: @escaping (String) -> Void) {
        (self.connection, self.failed) = (connection, failed)
        connection.handler = self
    }

    /// - Parameter failed: told of the first thing that goes wrong.
    static func open(_ loop: EventLoop, _ target: LoadTarget, failed: @escaping (String) -> Void, _ done: @escaping (Publisher) -> Void) {
        _ = Connector(loop: loop, host: target.origin.host, port: target.port, timeout: .seconds(30)) { outcome in
            switch outcome {
            case .success(let connection): done(Publisher(connection, failed))
            case .failure(let error): failed("\(error)")
            }
        }
    }

    var isBusy: Bool { answered != nil }

    /// One at a time.
    func post(_ request: [UInt8], _ done: @escaping () -> Void) {
        precondition(answered == nil)
        answered = done
        connection.write(request)
    }

    func close() {
        connection.handler = nil
        connection.close()
    }

    func connection(_ connection: Connection, received bytes: Span<UInt8>) {
        received.append(copying: bytes)
        guard let end = Self.end(of: received.span) else { return }
        guard received.starts(with: Self.success), end == received.count, let done = answered else {
            return failed("publishing was answered with \(String(decoding: received.prefix(300), as: UTF8.self))")
        }
        received.removeAll(keepingCapacity: true)
        answered = nil
        done()
    }

    func connectionDidEnd(_ connection: Connection) { failed("the server ended a publisher's connection") }
    func connectionDidClose(_ connection: Connection, error: SystemError?) { failed("a publisher's connection was closed") }

    private static let success = Array("HTTP/1.1 200".utf8)
    private static let lengthName = Array("content-length:".utf8)

    /// Where the answer ends; nil while it is not whole.
    private static func end(of answer: Span<UInt8>) -> Int? {
        var lineStart = 0
        var length = 0
        for index in 0..<answer.count where answer[index] == UInt8(ascii: "\n") {
            if index - lineStart <= 1 { return answer.count >= index + 1 + length ? index + 1 + length : nil }
            if let value = contentLength(answer, lineStart, index) { length = value }
            lineStart = index + 1
        }
        return nil
    }

    private static func contentLength(_ answer: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        guard end - start > lengthName.count else { return nil }
        for place in lengthName.indices where answer[start + place] | 0x20 != lengthName[place] | 0x20 { return nil }
        var value = 0
        for place in start + lengthName.count..<end where answer[place] >= 0x30 && answer[place] <= 0x39 {
            value = value * 10 + Int(answer[place] - 0x30)
        }
        return value
    }
}
