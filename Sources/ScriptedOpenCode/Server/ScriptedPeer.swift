// One connection of the scripted server: requests one after another, until one of them is an event stream.

import Reactor
import Wire

final class ScriptedPeer: ConnectionHandler {
    private static let heartbeat = Duration.seconds(15)
    private static let bodyBytes = 16 << 20

    private unowned let host: ScriptedHost
    private let connection: Connection
    private var decoder = HTTPRequestDecoder(limits: HTTPLimits(bodyBytes: ScriptedPeer.bodyBytes))
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var timer: TimerToken?
    /// Whether it gets the frames of the event stream.
    private(set) var isStream = false

    init(host: ScriptedHost, loop: EventLoop, descriptor: consuming Descriptor) {
        self.host = host
        connection = Connection(loop: loop, descriptor: descriptor)
        connection.handler = self
    }

    var unsentBytes: Int { connection.unsentBytes }

    func connection(_ connection: Connection, received bytes: Span<UInt8>) {
        decoder.receive(bytes)
        while connection.isOpen, read() {}
    }

    /// False when more is needed.
    private func read() -> Bool {
        switch decoder.next() {
        case .needMore: return false
        case .head(let next):
            head = next
            body = []
        case .body(let bytes): body += bytes
        case .end: answer()
        case .refuse(let refusal):
            write(HTTPResponseHead(status: refusal.status, headers: ["content-length": "0", "connection": "close"]), [])
            connection.closeAfterFlush()
            return false
        }
        return true
    }

    private func answer() {
        guard let head else { return }
        guard host.admits(target: head.target, authorization: head.headers["authorization"]) else {
            return write(
                HTTPResponseHead(status: 401, headers: ["www-authenticate": "Basic realm=\"Secure Area\"", "content-length": "0"]), [])
        }
        switch host.respond(method: head.method, target: head.target, body: body) {
        case .answer(let status, let type, let body): answer(status, type, body)
        case .events(let opening):
            isStream = true
            open(opening)
            beat()
        case .silence(let opening): open(opening)
        }
        if !head.keepAlive, timer == nil { connection.closeAfterFlush() }
    }

    private func answer(_ status: Int, _ type: String, _ body: [UInt8]) {
        var fields: HTTPHeaders = type.isEmpty ? [:] : ["content-type": type]
        if status != 204 { fields.add("content-length", String(body.count)) }
        write(HTTPResponseHead(status: status, headers: fields), body)
    }

    private func write(_ head: HTTPResponseHead, _ body: [UInt8]) {
        var bytes: [UInt8] = []
        head.encoded(into: &bytes)
        connection.write(bytes + body)
    }

    private func open(_ opening: [UInt8]) {
        var first: [UInt8] = []
        HTTPChunk.append(opening, to: &first)
        let fields: HTTPHeaders = [
            "content-type": "text/event-stream", "cache-control": "no-cache, no-transform", "transfer-encoding": "chunked",
        ]
        write(HTTPResponseHead(status: 200, headers: fields), first)
    }

    private func beat() {
        timer = connection.loop.schedule(after: Self.heartbeat) { [weak self] in
            guard let self, connection.isOpen else { return }
            send(Array(": heartbeat\n\n".utf8))
            beat()
        }
    }

    /// Frames, as one chunk.
    func send(_ frames: [UInt8]) {
        var chunk: [UInt8] = []
        chunk.reserveCapacity(frames.count + 16)
        HTTPChunk.append(frames, to: &chunk)
        connection.write(chunk)
    }

    /// A well-formed end of the stream.
    func end() {
        isStream = false
        connection.write(HTTPChunk.end)
        connection.closeAfterFlush()
    }

    /// The end that a killed server leaves: no last chunk.
    func cut() {
        isStream = false
        connection.close()
    }

    func connectionDidEnd(_ connection: Connection) { connection.close() }

    func connectionDidClose(_ connection: Connection, error: SystemError?) {
        isStream = false
        if let timer { connection.loop.cancel(timer) }
        host.remove(self)
    }

    func connectionCanWrite(_ connection: Connection) { host.schedulePump() }
}
