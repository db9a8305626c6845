// An HTTP server that gives the answers that a test wrote down, one after the other, the last one ever again; it keeps what came, and when.

import Reactor
import Synchronization
import Wire

final class AnsweringServer: Sendable {
    struct Answer: Sendable {
        var status: Int
        var code: String?
        var retryAfter: String?
        /// Of a success.
        var body = "{}"
        /// Given so much later.
        var delay = Duration.zero

        /// The request is taken, and nothing ever said.
        static let none = Answer(status: 0)
    }

    struct Heard: Sendable {
        var target: String
        var body: [UInt8]
        var key: String?
        var at: Instant
    }

    let port: UInt16
    private let thread: LoopThread
    private let notes: Notes

    var heard: [Heard] { notes.heard.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(port)" }

    init(_ answers: [Answer]) throws {
        let (started, notes) = (BlockingQueue<UInt16>(), Notes())
        thread = EventLoop.spawn(name: "answering") { loop in
            guard let address = SocketAddress(host: "127.0.0.1", port: 0),
                let listener = try? Listener(
                    loop: loop, address: address,
                    onAccept: { Connection(loop: loop, descriptor: $0).handler = QueueingHandler(answers, notes) })
            else { return loop.stop() }
            started.post(always: listener.boundAddress.port)
        }
        guard let bound = started.take() else { throw SystemError(call: "listen", code: 0) }
        (port, self.notes) = (bound, notes)
    }

    deinit { thread.stop() }

    private final class Notes: Sendable {
        // reads: lock; writes: lock
        let heard = Mutex<[Heard]>([])
    }

    private final class QueueingHandler: ConnectionHandler {
        private let answers: [Answer]
        private let notes: Notes
        private var decoder = HTTPRequestDecoder()
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(_ answers: [Answer], _ notes: Notes) { (self.answers, self.notes) = (answers, notes) }

        func connection(_ connection: Connection, received bytes: Span<UInt8>) {
            decoder.receive(bytes)
            while true {
                switch decoder.next() {
                case .head(let head): (self.head, body) = (head, [])
                case .body(let more): body += more
                case .end: answer(connection)
                case .needMore, .refuse: return
                }
            }
        }

        private func answer(_ connection: Connection) {
            let heard = Heard(target: head?.target ?? "", body: body, key: head?.headers["idempotency-key"], at: connection.loop.now)
            let place = notes.heard.withLock { list in
                list.append(heard)
                return list.count - 1
            }
            let answer = answers[min(place, answers.count - 1)]
            if answer.status == 0 { return }
            let text = answer.code.map { #"{"status":\#(answer.status),"code":"\#($0)"}"# } ?? answer.body
            var head = HTTPResponseHead(
                status: answer.status, headers: ["content-type": "application/json", "content-length": "\(text.utf8.count)"])
            if let wait = answer.retryAfter { head.headers.add("retry-after", wait) }
            var bytes: [UInt8] = []
            head.encoded(into: &bytes)
            let all = bytes + Array(text.utf8)
            connection.loop.schedule(after: answer.delay) { connection.write(all) }
        }

        func connectionDidEnd(_ connection: Connection) { connection.close() }
        func connectionDidClose(_ connection: Connection, error: SystemError?) {}
    }
}
