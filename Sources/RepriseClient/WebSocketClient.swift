// A WebSocket from the client's side (RFC 6455) on a loop: connect, handshake, messages, pongs by themselves, a close that is reciprocated.
// Confined to the loop's thread.

import Reactor
import Wire

/// One WebSocket connection. `open` once; events come until `closed` or `refused`, which are the last.
public final class WebSocketClient: ConnectionHandler {
    public struct Options: Sendable {
        public var host: String
        public var port: UInt16
        /// The Host header.
        public var authority: String
        /// Path and query.
        public var target: String
        public var headers: [(String, String)]
        public var subprotocols: [String]
        public var messageBytes: Int
        public var connectTimeout = Duration.seconds(10)
        public var closeTimeout = Duration.seconds(5)

        public init(
            host: String, port: UInt16, authority: String? = nil, target: String, headers: [(String, String)] = [],
            subprotocols: [String] = [], messageBytes: Int = 16 << 20
        ) {
            self.host = host
            self.port = port
            self.authority = authority ?? "\(host):\(port)"
            self.target = target
            self.headers = headers
            self.subprotocols = subprotocols
            self.messageBytes = messageBytes
        }
    }

    public enum Event {
        /// With the subprotocol that the server chose.
        case open(subprotocol: String?)
        /// Bytes of whatever frames came: the peer lives, though a message may take long.
        case bytes
        case text([UInt8])
        case binary([UInt8])
        /// The handshake was answered with something else.
        case refused(status: Int, body: [UInt8], retryAfter: Duration?)
        /// `clean` closes carry the peer's code.
        case closed(String)
    }

    private enum Phase { case connecting, handshake, refusal, open, over }

    private let loop: EventLoop
    private let options: Options
    private let nonce: [UInt8]
    private var phase = Phase.connecting
    private var connection: Connection?
    private var connecting: Connector?
    private var head: HTTPResponseDecoder
    private var refusal: (head: HTTPResponseHead, body: [UInt8])?
    private var frames: WebSocketDecoder
    private var closing = WebSocketClosing(role: .client)
    private var onEvent: (Event) -> Void = { _ in }
    private var timer: TimerToken?

    public init(loop: EventLoop, options: Options) {
        self.loop = loop
        self.options = options
        var random = SystemRandomNumberGenerator()
        nonce = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        head = HTTPResponseDecoder()
        frames = WebSocketDecoder(role: .client, limits: WebSocketLimits(messageBytes: options.messageBytes))
    }

    public func open(_ onEvent: @escaping (Event) -> Void) {
        self.onEvent = onEvent
        connecting = Connector(loop: loop, host: options.host, port: options.port, timeout: options.connectTimeout) { [weak self] result in
            guard let self, phase == .connecting else { return }
            connecting = nil
            switch result {
            case .success(let connection): connected(connection)
            case .failure(let error): finish("\(error)")
            }
        }
    }

    public func send(text: [UInt8]) {
        guard phase == .open, closing.isOpen else { return }
        var frame: [UInt8] = []
        WebSocketEncoder.append(text: text, maskKey: .random(in: 0...(.max)), to: &frame)
        connection?.write(frame)
    }

    /// Begins the closing handshake; the owner hears no more of this connection.
    public func close(code: UInt16) {
        onEvent = { _ in }
        guard phase == .open, closing.isOpen else { return finish("closed") }
        awaitEnd()
        carryOut(closing.close(code: code))
    }

    public var isReadingPaused: Bool { connection?.isReadingPaused == true }
    public func pauseReading() { connection?.pauseReading() }
    public func resumeReading() { connection?.resumeReading() }

    private func connected(_ connection: Connection) {
        self.connection = connection
        connection.handler = self
        phase = .handshake
        head.expect(method: "GET")
        var bytes: [UInt8] = []
        WebSocketHandshake.request(
            target: options.target, host: options.authority, nonce: nonce, subprotocols: options.subprotocols,
            headers: HTTPHeaders(options.headers)
        ).encoded(into: &bytes)
        connection.write(bytes)
    }

    // What comes.

    public func connection(_ connection: Connection, received bytes: Span<UInt8>) {
        switch phase {
        case .handshake, .refusal:
            head.receive(bytes)
            readHandshake()
        case .open:
            frames.receive(bytes)
            onEvent(.bytes)
            readFrames()
        case .connecting, .over: break
        }
    }

    private func readHandshake() {
        while phase == .handshake || phase == .refusal {
            switch head.next() {
            case .head(let answer) where answer.status == 101: accept(answer)
            case .head(let answer):
                phase = .refusal
                refusal = (answer, [])
            case .body(let bytes): refusal?.body += bytes
            case .end: return refuse()
            case .needMore: return
            case .fail(let failure): return finish("\(failure)")
            }
        }
    }

    private func accept(_ answer: HTTPResponseHead) {
        do {
            let chosen = try WebSocketHandshake.check(answer, nonce: nonce, subprotocols: options.subprotocols)
            phase = .open
            onEvent(.open(subprotocol: chosen))
            frames.receive(head.takeRemainder())
            readFrames()
        } catch { finish("\(error)") }
    }

    private func refuse() {
        guard let refusal else { return }
        let tell = onEvent
        drop()
        tell(.refused(status: refusal.head.status, body: refusal.body, retryAfter: refusal.head.retryAfter))
    }

    private func readFrames() {
        while phase == .open {
            switch frames.next() {
            case .needMore: return
            case .text(let bytes): onEvent(.text(bytes))
            case .binary(let bytes): onEvent(.binary(bytes))
            case .ping(let payload):
                var frame: [UInt8] = []
                WebSocketEncoder.append(pong: payload, maskKey: .random(in: 0...(.max)), to: &frame)
                connection?.write(frame)
            case .pong: break
            case .close(let code, _): carryOut(closing.receivedClose(code: code))
            case .fail(let code, let reason): carryOut(closing.failed(code: code, reason: reason))
            }
        }
    }

    private func carryOut(_ action: WebSocketClosing.Action) {
        switch action {
        case .nothing: break
        case .send(let code, let reason): sendClose(code, reason)
        case .sendThenAwaitEnd(let code, let reason):
            sendClose(code, reason)
            awaitEnd()
        case .awaitEnd: awaitEnd()
        case .sendThenDisconnect(let code, let reason):
            sendClose(code, reason)
            finish(reason)
        case .disconnect: finish("closed")
        }
    }

    private func sendClose(_ code: UInt16?, _ reason: String) {
        var frame: [UInt8] = []
        WebSocketEncoder.appendClose(code: code, reason: reason, maskKey: .random(in: 0...(.max)), to: &frame)
        connection?.write(frame)
    }

    /// The server ends TCP (RFC 6455, 7.1.1); a server that does not is not waited for.
    private func awaitEnd() {
        guard timer == nil else { return }
        let keptAlive = self
        timer = loop.schedule(after: options.closeTimeout) { keptAlive.carryOut(keptAlive.closing.timedOut()) }
    }

    public func connectionDidEnd(_ connection: Connection) {
        if phase == .handshake || phase == .refusal, case .end = head.endOfStream() { return refuse() }
        finish("the stream ended")
    }

    public func connectionDidClose(_ connection: Connection, error: SystemError?) {
        finish(error.map { "\($0)" } ?? "the connection closed")
    }

    public func connectionCanWrite(_ connection: Connection) {}

    private func finish(_ reason: String) {
        guard phase != .over else { return }
        let tell = onEvent
        let code = closing.receivedCode
        drop()
        tell(.closed(code.map { "closed with \($0)" } ?? reason))
    }

    private func drop() {
        phase = .over
        if let timer { loop.cancel(timer) }
        timer = nil
        onEvent = { _ in }
        connecting?.cancel()
        connecting = nil
        connection?.closeAfterFlush()
        connection = nil
    }
}
