// Each decoder from fresh to the last action, fed piece by piece: what the tables and the damaged inputs are run with.

import Wire

extension HTTPRequestDecoder {
    static func actions(of pieces: [[UInt8]], limits: HTTPLimits) -> [HTTPVectorAction] {
        var decoder = HTTPRequestDecoder(limits: limits)
        var actions: [HTTPVectorAction] = []
        for piece in pieces {
            decoder.receive(piece.span)
            decoder.drain(into: &actions)
        }
        return actions
    }

    private mutating func drain(into actions: inout [HTTPVectorAction]) {
        while true {
            switch next() {
            case .needMore: return
            case .head(let head):
                let line = "\(head.method) \(head.target) HTTP/1.\(head.minorVersion)"
                actions.add(.head(line: line, fields: head.headers.lines))
            case .body(let bytes): actions.add(.body(bytes))
            case .end: actions.add(.end)
            case .refuse(let refusal):
                actions.addOnce(.refuse(status: refusal.status, code: refusal.code))
                return
            }
        }
    }
}

extension HTTPResponseDecoder {
    static func actions(of pieces: [[UInt8]], methods: [String], limits: HTTPLimits, ends: Bool) -> [HTTPVectorAction] {
        var decoder = HTTPResponseDecoder(limits: limits)
        var actions: [HTTPVectorAction] = []
        for method in methods { decoder.expect(method: method) }
        for piece in pieces {
            decoder.receive(piece.span)
            decoder.drain(from: decoder.next(), into: &actions)
        }
        if ends { decoder.drain(from: decoder.endOfStream(), into: &actions) }
        return actions
    }

    private mutating func drain(from first: Action, into actions: inout [HTTPVectorAction]) {
        var action = first
        while true {
            switch action {
            case .needMore: return
            case .head(let head):
                let line = "HTTP/1.\(head.minorVersion) \(head.status) \(head.reason)"
                actions.add(.head(line: line, fields: head.headers.lines))
            case .body(let bytes): actions.add(.body(bytes))
            case .end: actions.add(.end)
            case .fail(let failure):
                actions.addOnce(.fail(code: failure.code))
                return
            }
            action = next()
        }
    }
}

extension SSEDecoder {
    static func actions(of pieces: [[UInt8]], frameBytes: Int) -> [SSEDecoder.Action] {
        var decoder = SSEDecoder(frameBytes: frameBytes)
        var actions: [SSEDecoder.Action] = []
        for piece in pieces {
            decoder.receive(piece.span)
            while case let action = decoder.next(), action != .needMore { actions.append(action) }
        }
        return actions
    }
}

extension WebSocketDecoder {
    /// Failures are given without their reason, which the vectors leave open.
    static func actions(of pieces: [[UInt8]], role: WebSocketRole, limits: WebSocketLimits) -> [WebSocketDecoder.Action] {
        var decoder = WebSocketDecoder(role: role, limits: limits)
        var actions: [WebSocketDecoder.Action] = []
        for piece in pieces {
            decoder.receive(piece.span)
            while case let action = decoder.next(), action != .needMore {
                if case .fail(let code, _) = action { actions.append(.fail(code: code, reason: "")) } else { actions.append(action) }
            }
        }
        return actions
    }
}
