// One connection of a scenario's server.

import Reactor
import Wire

final class ScenarioPeer: ConnectionHandler {
    private let loop: EventLoop
    private let connection: Connection
    private let stage: ScenarioStage
    private var requests = HTTPRequestDecoder()
    private var head: HTTPRequestHead?
    private var frames: WebSocketDecoder?
    private var steps: ArraySlice<Scenario.Step> = []
    private var pings: [[UInt8]] = []
    /// The code of our close frame, which the client must give back.
    private var closeCode: UInt16?
    private var isAnswered = false
    private var isSilent = false

    init(loop: EventLoop, descriptor: consuming Descriptor, stage: ScenarioStage) {
        self.loop = loop
        self.stage = stage
        connection = Connection(loop: loop, descriptor: descriptor)
        connection.handler = self
    }

    func connection(_ connection: Connection, received bytes: Span<UInt8>) {
        if frames != nil { frames?.receive(bytes) } else { requests.receive(bytes) }
        while connection.isOpen, frames == nil ? readRequest() : readFrame() {}
    }

    private func readRequest() -> Bool {
        switch requests.next() {
        case .needMore: return false
        case .head(let head):
            self.head = head.isUpgrade(to: "websocket") ? nil : head
            if self.head == nil { open(head) }
        case .body: break
        case .end: if let head { answerOverHTTP(head) }
        case .refuse(let refusal):
            stage.report.deviate("a request that is none: \(refusal.detail)")
            connection.close()
        }
        return true
    }

    private func open(_ head: HTTPRequestHead) {
        let offer: WebSocketOffer
        do { offer = try WebSocketHandshake.offer(in: head) } catch {
            stage.report.deviate("a handshake that is none: \(error.detail)")
            return connection.close()
        }
        check(head, offer)
        guard let meeting = stage.meet(after: head.queryItem("after"), at: loop.now) else { return connection.close() }
        if let refusal = meeting.refusal { return refuse(refusal) }
        var bytes: [UInt8] = []
        offer.response(subprotocol: offer.subprotocols.contains("reprise.v1") ? "reprise.v1" : nil).encoded(into: &bytes)
        connection.write(bytes)
        var decoder = WebSocketDecoder(role: .server, limits: WebSocketLimits(messageBytes: 1 << 20))
        decoder.receive(requests.takeRemainder())
        frames = decoder
        steps = meeting.steps[...]
        play()
    }

    private func check(_ head: HTTPRequestHead, _ offer: WebSocketOffer) {
        let path = "/v1/topics/\(ScenarioServer.topic)/websocket"
        if head.path != path { stage.report.deviate("the path is \(head.path)") }
        let isKnown =
            head.headers["authorization"] == "Bearer \(ScenarioServer.token)"
            || offer.subprotocols.contains("reprise.token.\(ScenarioServer.token)")
        if !isKnown { stage.report.deviate("no token was shown") }
        if !offer.subprotocols.contains("reprise.v1") { stage.report.deviate("reprise.v1 was not offered") }
    }

    private func refuse(_ refusal: Scenario.Refusal) {
        answer(refusal)
        connection.closeAfterFlush()
        stage.ended(at: loop.now)
    }

    /// A client that is not told why its handshake failed asks for a page.
    private func answerOverHTTP(_ head: HTTPRequestHead) {
        guard head.path == "/v1/topics/\(ScenarioServer.topic)/events" else {
            stage.report.deviate("asked for \(head.path)")
            return connection.close()
        }
        let page = Scenario.Refusal(status: 200, headers: [], body: Array("{\"type\":\"end\"}\n".utf8))
        answer(stage.refusal ?? page)
    }

    private func answer(_ answer: Scenario.Refusal) {
        var head = HTTPResponseHead(status: answer.status, headers: HTTPHeaders(answer.headers))
        head.headers.add("content-type", answer.status == 200 ? "application/x-ndjson" : "application/problem+json")
        head.headers.add("content-length", String(answer.body.count))
        var bytes: [UInt8] = []
        head.encoded(into: &bytes)
        connection.write(bytes + answer.body)
    }

    private func readFrame() -> Bool {
        switch frames?.next() {
        case .needMore, nil: return false
        case .text, .binary: stage.report.deviate("a message from the client")
        case .ping(let payload):
            var frame: [UInt8] = []
            WebSocketEncoder.append(pong: payload, to: &frame)
            connection.write(frame)
        case .pong(let payload):
            guard pings.first == payload else {
                stage.report.deviate("a pong to no ping")
                return true
            }
            pings.removeFirst()
        case .close(let code, _): closed(code)
        case .fail(_, let reason): stage.report.deviate("a frame that is none: \(reason)")
        }
        return true
    }

    private func closed(_ code: UInt16?) {
        if let closeCode {
            isAnswered = true
            if code != closeCode {
                stage.report.deviate("our close with \(closeCode) was answered with \(code.map { "\($0)" } ?? "no code")")
            }
            stage.ended(at: loop.now)
        } else if isSilent {
            return
        } else {
            stage.report.leave(code)
            var frame: [UInt8] = []
            WebSocketEncoder.appendClose(code: code, to: &frame)
            connection.write(frame)
        }
        connection.closeAfterFlush()
    }

    func connectionDidEnd(_ connection: Connection) { connection.close() }

    func connectionDidClose(_ connection: Connection, error: SystemError?) {
        if let code = closeCode, !isAnswered { stage.report.deviate("our close with \(code) was not answered") }
        if error == nil, !pings.isEmpty { stage.report.deviate("a ping was not answered") }
        if isSilent { stage.ended(at: loop.now) }
    }
}

extension ScenarioPeer {
    private func play() {
        while let step = steps.first {
            steps.removeFirst()
            switch step {
            case .send(let lines): write { WebSocketEncoder.append(text: lines, to: &$0) }
            case .sendTorn(let line):
                var frame: [UInt8] = []
                WebSocketEncoder.append(text: line, to: &frame)
                connection.write(Array(frame.prefix(frame.count / 2)))
            case .sendSlowly(let line):
                var frame: [UInt8] = []
                WebSocketEncoder.append(text: line, to: &frame)
                return trickle(frame[...], by: (frame.count + 29) / 30)
            case .fragments(let pieces, let ping): send(pieces, ping)
            case .wait(let time):
                loop.schedule(after: time) { [self] in if connection.isOpen { play() } }
                return
            case .silence: isSilent = true
            case .cut: cut()
            case .close(let code):
                closeCode = code
                write { WebSocketEncoder.appendClose(code: code, to: &$0) }
            case .stay: stage.ended(at: loop.now, isLast: true)
            }
        }
    }

    /// A client that gives up meanwhile may do so: whoever is told of whole messages only hears nothing.
    private func trickle(_ bytes: ArraySlice<UInt8>, by count: Int) {
        connection.write(Array(bytes.prefix(count)))
        let rest = bytes.dropFirst(count)
        if rest.isEmpty { return play() }
        loop.schedule(after: .milliseconds(100)) { [self] in if connection.isOpen { trickle(rest, by: count) } }
    }

    private func write(_ make: (inout [UInt8]) -> Void) {
        var frame: [UInt8] = []
        make(&frame)
        connection.write(frame)
    }

    /// What was written must arrive first: a reset would take it back.
    private func cut() {
        loop.schedule(after: .milliseconds(20)) { [self] in
            stage.ended(at: loop.now)
            connection.reset()
        }
    }

    /// One text message in frames, all but the last without FIN.
    private func send(_ pieces: [[UInt8]], _ ping: [UInt8]?) {
        for (place, piece) in pieces.enumerated() {
            let opcode: UInt8 = place == 0 ? 1 : 0
            let last: UInt8 = place == pieces.count - 1 ? 0x80 : 0
            precondition(piece.count < 126, "a short fragment")
            connection.write([last | opcode, UInt8(piece.count)] + piece)
            if let ping, place == 0 {
                pings.append(ping)
                write { WebSocketEncoder.append(ping: ping, to: &$0) }
            }
        }
    }
}
