// One subscriber of many: a handshake, then it hears lines and compares them with the transcript. It keeps nothing but how far it is.

import Reactor
import Wire

final class LoadSubscriber: ConnectionHandler {
    private let connection: Connection
    private unowned let fleet: SubscriberFleet
    private let saysHello: Bool
    private let nonce: [UInt8]
    private var handshake: HTTPResponseDecoder? = HTTPResponseDecoder()
    private var frames = FrameWalker()
    private var control: [UInt8] = []
    private var isSubscribed = false
    /// How much of the transcript it has heard.
    private(set) var heardBytes = 0
    /// How many of its lines it has heard whole, as far as that is counted.
    private var heardLines = 0
    /// Whether it has heard what the fleet awaits.
    var isThere = false

    init(_ connection: Connection, target: LoadTarget, fleet: SubscriberFleet) {
        self.connection = connection
        self.fleet = fleet
        saysHello = target.saysHello
        nonce = (0..<16).map { _ in .random(in: 0...255) }
        connection.handler = self
        var request: [UInt8] = []
        WebSocketHandshake.request(
            target: fleet.request, host: target.origin.authority, nonce: nonce, subprotocols: ["reprise.v1"],
            headers: HTTPHeaders(target.headers)
        ).encoded(into: &request)
        handshake?.expect(method: "GET")
        connection.write(request)
    }

    func close() {
        connection.handler = nil
        connection.close()
    }

    func connection(_ connection: Connection, received bytes: Span<UInt8>) {
        if handshake == nil { return hear(bytes) }
        handshake?.receive(bytes)
        readHandshake()
    }

    func connectionDidEnd(_ connection: Connection) { fleet.failed("the server ended a subscription") }

    func connectionDidClose(_ connection: Connection, error: SystemError?) {
        fleet.failed("a subscription was closed\(error.map { ": \($0)" } ?? "")")
    }

    private func readHandshake() {
        switch handshake?.next() {
        case .head(let head):
            do throws(WebSocketHandshakeFailure) {
                _ = try WebSocketHandshake.check(head, nonce: nonce, subprotocols: ["reprise.v1"])
            } catch { return fleet.failed("no WebSocket: \(error)") }
            let rest = handshake?.takeRemainder() ?? []
            handshake = nil
            if !saysHello { subscribed() }
            hear(rest.span)
        case .needMore, .body, .end, nil: break
        case .fail(let failure): fleet.failed("no WebSocket: \(failure.detail)")
        }
    }

    private func subscribed() {
        guard !isSubscribed else { return }
        isSubscribed = true
        fleet.subscribed()
    }

    private func hear(_ bytes: Span<UInt8>) {
        var index = 0
        do throws(TranscriptError) {
            walk: while true {
                switch frames.next(bytes, &index) {
                case .payload(let kind, let range, let isEnd): try take(kind, bytes.extracting(range), isEnd)
                case .kept(let kind, let payload, let isEnd): try take(kind, payload.span, isEnd)
                case .needMore: break walk
                case .unreadable: throw TranscriptError("a frame that this bench does not expect")
                }
            }
        } catch { return fleet.failed(error.reason) }
        if let clock = fleet.clock { time(clock) }
        if !isThere, heardBytes >= fleet.transcript.awaitedEnd { fleet.isThere(self) }
    }

    private func time(_ clock: LatencyClock) {
        let now = Instant.current
        while let end = fleet.transcript.end(ofLine: heardLines), end <= heardBytes {
            clock.heard(fleet.transcript.firstLine + heardLines, at: now)
            heardLines += 1
        }
    }

    private func take(_ kind: FrameWalker.Kind, _ payload: Span<UInt8>, _ isEnd: Bool) throws(TranscriptError) {
        if kind == .event {
            try fleet.transcript.hear(payload, at: heardBytes)
            heardBytes += payload.count
            return
        }
        control.append(copying: payload)
        guard isEnd else { return }
        let whole = control
        control = []
        switch kind {
        case .control: try hear(control: whole)
        case .ping: pong(whole)
        case .event, .close: throw TranscriptError("the server closed a subscription")
        }
    }

    private func hear(control line: [UInt8]) throws(TranscriptError) {
        guard let type = (try? JSON.parse(line))?["type"] else { throw TranscriptError("a line without a type") }
        if type.says("hello") { return subscribed() }
        guard type.says("heartbeat") else { throw TranscriptError("the server said \(String(decoding: line.prefix(200), as: UTF8.self))") }
    }

    private func pong(_ payload: [UInt8]) {
        var frame: [UInt8] = []
        WebSocketEncoder.append(pong: payload, maskKey: .random(in: 0...(.max)), to: &frame)
        connection.write(frame)
    }
}
