// Both decoders from fresh to the last action, with neighbouring pieces of a body joined, and the way back to bytes.

import Wire

enum HTTPSeen: Equatable {
    case request(HTTPRequestHead)
    case response(HTTPResponseHead)
    case body([UInt8])
    case end
    case failed(String)
}

enum HTTPRun {
    /// Limits that nothing which fits an input reaches.
    static let wide = HTTPLimits(requestLineBytes: 1 << 20, headBytes: 1 << 20, headerCount: 10_000, bodyBytes: 1 << 20)

    /// - Parameter anew: each request is read by a decoder of its own, which knows nothing of those before.
    static func requests(_ pieces: [[UInt8]], limits: HTTPLimits, anew: Bool = false) -> [HTTPSeen] {
        var decoder = HTTPRequestDecoder(limits: limits)
        var seen: [HTTPSeen] = []
        for piece in pieces {
            decoder.receive(piece)
            reading: while true {
                switch decoder.next() {
                case .needMore: break reading
                case .head(let head): seen.append(.request(head))
                case .body(let bytes): add(bytes, to: &seen)
                case .end:
                    seen.append(.end)
                    guard anew else { continue }
                    let rest = decoder.takeRemainder()
                    decoder = HTTPRequestDecoder(limits: limits)
                    decoder.receive(rest)
                case .refuse(let refusal): return seen + [.failed("\(refusal.status) \(refusal.code)")]
                }
            }
        }
        return seen
    }

    static func responses(_ pieces: [[UInt8]], to methods: [String], limits: HTTPLimits, ends: Bool) -> [HTTPSeen] {
        var decoder = HTTPResponseDecoder(limits: limits)
        for method in methods { decoder.expect(method: method) }
        var seen: [HTTPSeen] = []
        for piece in pieces {
            decoder.receive(piece)
            if drain(&decoder, decoder.next(), into: &seen) { return seen }
        }
        if ends { _ = drain(&decoder, decoder.endOfStream(), into: &seen) }
        return seen
    }

    /// True when the decoder has failed.
    private static func drain(_ decoder: inout HTTPResponseDecoder, _ first: HTTPResponseDecoder.Action, into seen: inout [HTTPSeen])
        -> Bool
    {
        var action = first
        while true {
            switch action {
            case .needMore: return false
            case .head(let head): seen.append(.response(head))
            case .body(let bytes): add(bytes, to: &seen)
            case .end: seen.append(.end)
            case .fail(let failure):
                seen.append(.failed(failure.code))
                return true
            }
            action = decoder.next()
        }
    }

    private static func add(_ bytes: [UInt8], to seen: inout [HTTPSeen]) {
        check(!bytes.isEmpty, "a body of no bytes")
        if case .body(let before) = seen.last {
            seen[seen.count - 1] = .body(before + bytes)
        } else {
            seen.append(.body(bytes))
        }
    }

    /// The messages that came whole.
    static func messages(_ seen: [HTTPSeen]) -> [(head: HTTPSeen, body: [UInt8])] {
        var messages: [(head: HTTPSeen, body: [UInt8])] = []
        var current: (head: HTTPSeen, body: [UInt8])?
        for action in seen {
            switch action {
            case .request, .response: current = (action, [])
            case .body(let bytes): current?.body = bytes
            case .end: if let message = current { messages.append(message) }
            case .failed: break
            }
        }
        return messages
    }

    static func write(_ body: [UInt8], framedBy headers: HTTPHeaders, to bytes: inout [UInt8]) {
        guard headers["Transfer-Encoding"] != nil else {
            bytes += body
            return
        }
        HTTPChunk.append(body, to: &bytes)
        bytes += HTTPChunk.end
    }

    static func bodyActions(_ body: [UInt8]) -> [HTTPSeen] { body.isEmpty ? [.end] : [.body(body), .end] }
}
