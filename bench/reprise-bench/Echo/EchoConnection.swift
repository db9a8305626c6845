// One connection of the echo server: a handshake, then every message goes back as it came. While its peer does not read, nothing more is
// read from it.

import Reactor
import Wire

final class EchoConnection: ConnectionHandler {
    private static let messageBytes = 64 << 20
    /// So much may wait for the peer before its own input waits.
    private static let unsentBytes = 1 << 20

    private let connection: Connection
    private var handshake: HTTPRequestDecoder? = HTTPRequestDecoder()
    private var frames = WebSocketDecoder(role: .server, limits: WebSocketLimits(messageBytes: messageBytes))
    private var closing = WebSocketClosing(role: .server)

    /// The loop keeps it as long as the connection is open.
    init(_ connection: Connection) {
        self.connection = connection
        connection.handler = self
    }

    func connection(_ connection: Connection, received bytes: Span<UInt8>) {
        if handshake == nil { frames.receive(bytes) } else { handshake?.receive(bytes) }
        advance()
    }

    func connectionCanWrite(_ connection: Connection) {
        connection.resumeReading()
        advance()
    }

    func connectionDidEnd(_ connection: Connection) { carryOut(closing.endOfStream()) }

    func connectionDidClose(_ connection: Connection, error: SystemError?) {}

    private func advance() {
        if handshake != nil { readHandshake() }
        if handshake == nil { readFrames() }
    }

    private func readHandshake() {
        switch handshake?.next() {
        case .head(let head): open(head)
        case .refuse(let refusal): refuse(refusal)
        case .needMore, .body, .end, nil: break
        }
    }

    private func open(_ head: HTTPRequestHead) {
        do throws(HTTPRefusal) {
            let response = try WebSocketHandshake.offer(in: head).response()
            send { response.encoded(into: &$0) }
            frames.receive(handshake?.takeRemainder() ?? [])
            handshake = nil
        } catch { refuse(error) }
    }

    private func refuse(_ refusal: HTTPRefusal) {
        var headers = refusal.headers
        headers.set("Content-Length", "0")
        headers.set("Connection", "close")
        send { HTTPResponseHead(status: refusal.status, headers: headers).encoded(into: &$0) }
        connection.closeAfterFlush()
    }

    private func readFrames() {
        while closing.isOpen {
            if connection.unsentBytes > Self.unsentBytes { return connection.pauseReading() }
            switch frames.next() {
            case .needMore: return
            case .text(let message): send { WebSocketEncoder.append(text: message, to: &$0) }
            case .binary(let message): send { WebSocketEncoder.append(binary: message, to: &$0) }
            case .ping(let payload): send { WebSocketEncoder.append(pong: payload, to: &$0) }
            case .pong: break
            case .close(let code, _): carryOut(closing.receivedClose(code: code))
            case .fail(let code, let reason): carryOut(closing.failed(code: code, reason: reason))
            }
        }
    }

    private func carryOut(_ action: WebSocketClosing.Action) {
        switch action {
        case .nothing, .awaitEnd: break
        case .send(let code, let reason), .sendThenAwaitEnd(let code, let reason):
            send { WebSocketEncoder.appendClose(code: code, reason: reason, to: &$0) }
        case .sendThenDisconnect(let code, let reason):
            send { WebSocketEncoder.appendClose(code: code, reason: reason, to: &$0) }
            connection.closeAfterFlush()
        case .disconnect: connection.closeAfterFlush()
        }
    }

    private func send(_ encode: (inout [UInt8]) -> Void) {
        var bytes: [UInt8] = []
        encode(&bytes)
        connection.write(bytes)
    }
}
