// One connection of the scripted server: requests one after another, until one of them is an event stream.

import Reactor
import Wire

final class ScriptedPeer: ConnectionHandler {
    private static let bodyBytes = 16 << 20

    private unowned let host: ScriptedHost
    private let connection: Connection
    private var decoder = HTTPRequestDecoder(limits: HTTPLimits(bodyBytes: ScriptedPeer.bodyBytes))
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var timer: TimerToken?
    /// An answer is due later; what follows waits for it.
    private var isWaiting = false
    /// What was said while the stream stalls; nil: it flows.
    private var held: [UInt8]?
    private var backlog = ScriptedBacklog()
    /// Whether it gets the frames of the event stream.
    private(set) var isStream = false

    init(host: ScriptedHost, loop: EventLoop, descriptor: consuming Descriptor) {
        self.host = host
        connection = Connection(loop: loop, descriptor: descriptor)
        connection.handler = self
    }

    var unsentBytes: Int { connection.unsentBytes + (held?.count ?? 0) }

    func connection(_ connection: Connection, received bytes: Span<UInt8>) {
        decoder.receive(bytes)
        readAll()
    }

    private func readAll() { while connection.isOpen, !isWaiting, read() {} }

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
        answer(host.respond(method: head.method, target: head.target, body: body), head)
    }

    private func answer(_ reply: ScriptedReply, _ head: HTTPRequestHead) {
        switch reply {
        case .answer(let answer): write(answer)
        case .events(let opening):
            isStream = true
            open(opening)
            beat()
        case .silence(let opening): open(opening)
        case .later(let milliseconds, let reply): return wait(milliseconds, reply, head)
        case .cut: return cut()
        }
        if !head.keepAlive, timer == nil { connection.closeAfterFlush() }
    }

    private func wait(_ milliseconds: Int64, _ reply: ScriptedReply, _ head: HTTPRequestHead) {
        isWaiting = true
        connection.loop.schedule(after: .milliseconds(milliseconds)) { [weak self] in
            guard let self, connection.isOpen else { return }
            isWaiting = false
            answer(reply, head)
            readAll()
        }
    }

    private func write(_ answer: ScriptedAnswer) {
        var fields: HTTPHeaders = answer.type.isEmpty ? [:] : ["content-type": answer.type]
        for (name, value) in answer.headers { fields.add(name, value) }
        if answer.status != 204 { fields.add("content-length", String(answer.body.count)) }
        write(HTTPResponseHead(status: answer.status, headers: fields), answer.body)
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
        timer = connection.loop.schedule(after: host.agent.heartbeatInterval) { [weak self] in
            guard let self, connection.isOpen else { return }
            say(host.agent.heartbeat(at: host.now))
            beat()
        }
    }

    /// As many of the frames as may wait if nobody reads, in pieces of so many. False: there were more.
    func say(_ frames: [UInt8], waiting limit: Int) -> Bool {
        var rest = frames[...]
        while !rest.isEmpty {
            let room = limit - backlog.count(unsent: unsentBytes)
            guard room > 0 else { return false }
            let piece = rest.prefix(upTo: ScriptedBacklog.end(ofFrames: room, in: rest))
            rest = rest[piece.endIndex...]
            backlog.add(piece, chunk: say(Array(piece)))
        }
        return true
    }

    /// Frames, as one chunk; its size is given back.
    @discardableResult
    func say(_ frames: [UInt8]) -> Int {
        guard held == nil else {
            held? += frames
            return frames.count + 2
        }
        var chunk: [UInt8] = []
        chunk.reserveCapacity(frames.count + 16)
        HTTPChunk.append(frames, to: &chunk)
        connection.write(chunk)
        return chunk.count
    }

    /// Its bytes stop; the connection stays.
    func stall() { held = held ?? [] }

    func flow() {
        let frames = held ?? []
        held = nil
        if !frames.isEmpty { say(frames) }
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

    func cutAfterFlush() {
        isStream = false
        connection.closeAfterFlush()
    }

    func connectionDidEnd(_ connection: Connection) { connection.close() }

    func connectionDidClose(_ connection: Connection, error: SystemError?) {
        isStream = false
        if let timer { connection.loop.cancel(timer) }
        host.remove(self)
    }

    func connectionCanWrite(_ connection: Connection) { host.schedulePump() }
}
