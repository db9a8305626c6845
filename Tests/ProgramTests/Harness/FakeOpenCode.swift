// A server that answers what an OpenCode would be asked first, by path, as a test wants it. Whatever has no answer gets a web page, as both
// generations do.

import Reactor
import Synchronization
import TestSupport
import Wire

final class FakeOpenCode: Sendable {
    struct Answer: Sendable {
        var status = 200
        var type = "application/json"
        var body = ""
        /// An event stream: this is all that is said.
        var isStream = false
        /// Then the stream never ends, or at once.
        var isCut = false

        static func json(_ body: String) -> Answer { Answer(body: body) }
        static let page = Answer(type: "text/html", body: "<!doctype html><title>OpenCode</title>")
        static func stream(_ body: String = "", isCut: Bool = false) -> Answer {
            Answer(type: "text/event-stream", body: body, isStream: true, isCut: isCut)
        }
    }

    let port: UInt16
    var url: String { "http://127.0.0.1:\(port)" }
    private let thread: LoopThread
    private let asked: Requests
    /// What the streams that are open are to say.
    private let words = Mailbox<String>(capacity: 1024)

    final class Requests: Sendable {
        // reads: lock; writes: lock
        let paths = Mutex<[String]>([])
        let answers = Mutex<[String: Answer]>([:])
        let news = BlockingQueue<String>()
    }

    init(_ answers: [String: Answer], otherwise: Answer = .page) throws {
        let (asked, bound) = (Requests(), BlockingQueue<Result<UInt16, SystemError>>())
        self.asked = asked
        let words = words
        asked.answers.withLock { $0 = answers }
        thread = EventLoop.spawn(name: "fake-opencode") { loop in
            guard let address = SocketAddress(host: "127.0.0.1", port: 0) else { return }
            let streams = OpenStreams()
            loop.attach(words) { words in for word in words { streams.say(word) } }
            do throws(SystemError) {
                let listener = try Listener(loop: loop, address: address) { descriptor in
                    let connection = Connection(loop: loop, descriptor: descriptor)
                    connection.handler = FakePeer(streams) { head in
                        asked.paths.withLock { $0.append(head.path) }
                        asked.news.post(always: head.path)
                        return asked.answers.withLock { $0[head.path] } ?? otherwise
                    }
                }
                bound.post(always: .success(listener.boundAddress.port))
            } catch { bound.post(always: .failure(error)) }
        }
        port = try bound.take()?.get() ?? 0
    }

    deinit { thread.stop() }

    /// On every stream that is open now.
    func say(_ frame: String) { words.post(always: "data: \(frame)\n\n") }

    func answer(_ path: String, _ answer: Answer) { asked.answers.withLock { $0[path] = answer } }

    /// Another server takes its place.
    func become(_ answers: [String: Answer]) { asked.answers.withLock { $0 = answers } }

    /// Waits until this was asked for so often.
    func wait(for path: String, times: Int = 1) throws {
        while asks(for: path) < times {
            guard let more = asked.news.takeAll(within: RunningProgram.patience), !more.isEmpty else { throw NeverAsked(path: path) }
        }
    }

    /// How often this was asked for.
    func asks(for path: String) -> Int { asked.paths.withLock { $0.count { $0 == path } } }

    struct NeverAsked: Error { let path: String }
}

/// Confined to the fake's loop.
private final class OpenStreams {
    private var all: [Connection] = []

    func add(_ connection: Connection) { all.append(connection) }

    func say(_ words: String) {
        all.removeAll { !$0.isOpen }
        for connection in all { connection.write(Array(words.utf8)) }
    }
}

/// One connection of the fake.
private final class FakePeer: ConnectionHandler {
    private var decoder = HTTPRequestDecoder()
    private let answer: (HTTPRequestHead) -> FakeOpenCode.Answer
    private let streams: OpenStreams
    private var head: HTTPRequestHead?

    init(_ streams: OpenStreams, _ answer: @escaping (HTTPRequestHead) -> FakeOpenCode.Answer) {
        (self.streams, self.answer) = (streams, answer)
    }

    func connection(_ connection: Connection, received bytes: Span<UInt8>) {
        decoder.receive(bytes)
        while true {
            switch decoder.next() {
            case .needMore: return
            case .head(let head): self.head = head
            case .body: break
            case .end: if let head { say(answer(head), connection) }
            case .refuse: return connection.close()
            }
        }
    }

    private func say(_ answer: FakeOpenCode.Answer, _ connection: Connection) {
        var head = HTTPResponseHead(status: answer.status, headers: ["content-type": answer.type])
        if !answer.isStream { head.headers.set("content-length", String(answer.body.utf8.count)) }
        var bytes: [UInt8] = []
        head.encoded(into: &bytes)
        connection.write(bytes + Array(answer.body.utf8))
        if answer.isCut { connection.closeAfterFlush() } else if answer.isStream { streams.add(connection) }
    }

    func connectionDidEnd(_ connection: Connection) { connection.close() }
    func connectionDidClose(_ connection: Connection, error: SystemError?) {}
}
