// WebSocket frames of both roles, the closing handshake, event streams, and what our encoders write of any payload.

import Wire

enum StreamTarget {
    static let target = FuzzTarget(name: "streams", isLines: false, run: run, seeds: seeds)

    @Sendable private static func run(_ input: [UInt8]) {
        var input = FuzzInput(input)
        let (mode, variant, cut) = (input.choice(of: 6), input.byte(), input.byte())
        switch mode {
        case 0: frames(input.bytes, .server, variant, cut)
        case 1: frames(input.bytes, .client, variant, cut)
        case 2: events(input.bytes, variant, cut)
        case 3: closing(input.bytes, variant & 1 == 0 ? .server : .client)
        case 4: message(input.bytes, variant, cut)
        default: event(input.bytes, cut)
        }
    }

    // WebSocket.

    private static func frames(_ bytes: [UInt8], _ role: WebSocketRole, _ variant: UInt8, _ cut: UInt8) {
        let limits = variant & 1 == 0 ? WebSocketLimits() : WebSocketLimits(messageBytes: 40, frameBytes: variant & 2 == 0 ? .max : 20)
        for action in InputSplits.agree(on: bytes, cutBy: cut, run: { decoded($0, role, limits) }) {
            switch action {
            case .text(let text): check(isText(text) && text.count <= limits.messageBytes, "a text of \(text)")
            case .binary(let bytes): check(bytes.count <= limits.messageBytes, "a message over its limit")
            case .ping(let bytes), .pong(let bytes): check(bytes.count <= 125, "a long control frame")
            case .close(let code, let reason): check(isText(reason) && code.map(WebSocketCloseCode.mayBeSent) ?? true, "a bad close")
            case .fail(let code, _): check(WebSocketCloseCode.mayBeSent(code), "a failure that cannot be sent")
            case .needMore: break
            }
        }
    }

    /// Failures without their sentence, which may differ.
    private static func decoded(_ pieces: [[UInt8]], _ role: WebSocketRole, _ limits: WebSocketLimits) -> [WebSocketDecoder.Action] {
        var decoder = WebSocketDecoder(role: role, limits: limits)
        var actions: [WebSocketDecoder.Action] = []
        for piece in pieces {
            decoder.receive(piece)
            while case let action = decoder.next(), action != .needMore {
                if case .fail(let code, _) = action { actions.append(.fail(code: code, reason: "")) } else { actions.append(action) }
            }
            check(decoder.bufferedBytes <= limits.messageBytes + 200, "more is held than a message")
        }
        return actions
    }

    private static func isText(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

    private static func message(_ payload: [UInt8], _ variant: UInt8, _ cut: UInt8) {
        let maskKey: UInt32? = variant & 1 == 0 ? nil : UInt32(variant) &* 0x0101_4203
        let control = Array(payload.prefix(125))
        let reason = text(payload)
        var bytes: [UInt8] = []
        WebSocketEncoder.append(binary: payload, maskKey: maskKey, to: &bytes)
        WebSocketEncoder.append(ping: control, maskKey: maskKey, to: &bytes)
        if isText(payload) { WebSocketEncoder.append(text: payload, maskKey: maskKey, to: &bytes) }
        WebSocketEncoder.appendClose(code: 1000, reason: reason, maskKey: maskKey, to: &bytes)
        let actions = InputSplits.agree(on: bytes, cutBy: cut) { decoded($0, maskKey == nil ? .client : .server, WebSocketLimits()) }
        check(actions.prefix(2) == [.binary(payload), .ping(control)], "\(actions)")
        if isText(payload) { check(actions.count == 4 && actions[2] == .text(payload), "\(actions)") }
        guard case .close(1000, let said)? = actions.last else { return check(false, "no close: \(actions)") }
        check(reason.utf8.starts(with: said) && (said.count > 119 || said.count == reason.utf8.count), "the reason \(said)")
    }

    /// However the calls come: one close is sent at most, and after the end nothing.
    private static func closing(_ calls: [UInt8], _ role: WebSocketRole) {
        var closing = WebSocketClosing(role: role)
        var (sent, ended) = (0, false)
        for call in calls {
            let action =
                switch call % 5 {
                case 0: closing.close(code: 1001)
                case 1: closing.receivedClose(code: call > 100 ? 1000 : nil)
                case 2: closing.failed(code: 1002, reason: "")
                case 3: closing.timedOut()
                default: closing.endOfStream()
                }
            check(!ended || action == .nothing, "\(action) after the end")
            switch action {
            case .send, .sendThenAwaitEnd: sent += 1
            case .sendThenDisconnect: (sent, ended) = (sent + 1, true)
            case .disconnect: ended = true
            case .nothing, .awaitEnd: break
            }
            check(sent <= 1 && closing.isOpen == (sent == 0 && !ended), "\(sent) closes")
        }
    }

    // Event streams.

    private static func events(_ bytes: [UInt8], _ variant: UInt8, _ cut: UInt8) {
        let limit = variant & 1 == 0 ? 1 << 20 : 30
        let seen = InputSplits.agree(on: bytes, cutBy: cut) { EventStreamRun.seen($0, frameBytes: limit) }
        if limit > bytes.count { check(seen == EventStreamRun.reference(bytes), "\(seen) is not \(EventStreamRun.reference(bytes))") }
    }

    private static func event(_ data: [UInt8], _ cut: UInt8) {
        var bytes: [UInt8] = []
        SSEEncoder.append(event: "line", id: "7", retry: 9, data: data, to: &bytes)
        let frames = InputSplits.agree(on: bytes, cutBy: cut) { EventStreamRun.seen($0, frameBytes: 1 << 20) }.prefix(1)
        let joined = Array(EventStreamRun.lines(data).joined(separator: [0x0A]))
        check(frames == [.action(.frame(SSEFrame(id: [0x37], event: Array("line".utf8), data: joined, retry: 9)))], "\(frames)")
    }

    @Sendable private static func seeds() throws -> [[UInt8]] {
        var seeds: [[UInt8]] = []
        for vector in try ProtocolFolder.json("vectors/websocket/frames.json")["vectors"]?.items ?? [] {
            let bytes = ProtocolFolder.bytes(vector["input"])
            for variant: UInt8 in 0...3 { seeds.append([vector["role"]?.string == "server" ? 0 : 1, variant, 7] + bytes) }
        }
        for vector in try ProtocolFolder.json("vectors/sse/frames.json")["vectors"]?.items ?? [] {
            for variant: UInt8 in 0...1 { seeds.append([2, variant, 7] + ProtocolFolder.bytes(vector["input"])) }
        }
        return seeds + [
            [3, 0, 0, 0, 1, 2, 3, 4], [3, 1, 0, 101, 0, 4], [4, 0, 3] + Array("Grüße".utf8), [5, 0, 3] + Array("a\r\nb\rc\n".utf8),
        ]
    }
}
