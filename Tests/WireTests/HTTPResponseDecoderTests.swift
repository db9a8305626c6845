// Responses by the table, and the hand-over after a 101.

import TestSupport
import Testing
import Wire

@Suite struct HTTPResponseDecoderTests {
    @Test(arguments: try vectors("http/responses.json", of: HTTPResponseVector.self))
    func `reads the bytes as the vector says, however they are cut`(_ vector: HTTPResponseVector) throws {
        let actions = try EverySplit.actions(of: vector.input.bytes) { pieces in
            var decoder = HTTPResponseDecoder(limits: HTTPVectorLimits.limits(vector.limits))
            var actions: [HTTPVectorAction] = []
            for method in vector.methods { decoder.expect(method: method) }
            for piece in pieces {
                decoder.receive(piece.span)
                drain(&decoder, from: decoder.next(), into: &actions)
            }
            if vector.ends == true { drain(&decoder, from: decoder.endOfStream(), into: &actions) }
            return actions
        }
        #expect(actions == vector.actions)
    }

    private func drain(_ decoder: inout HTTPResponseDecoder, from first: HTTPResponseDecoder.Action, into actions: inout [HTTPVectorAction])
    {
        var action = first
        while true {
            switch action {
            case .needMore: return
            case .head(let head):
                actions.add(.head(line: "HTTP/1.\(head.minorVersion) \(head.status) \(head.reason)", fields: head.headers.lines))
            case .body(let bytes): actions.add(.body(bytes))
            case .end: actions.add(.end)
            case .fail(let failure):
                if case .fail = actions.last {} else { actions.add(.fail(code: failure.code)) }
                return
            }
            action = decoder.next()
        }
    }

    @Test func `gives what was received before the end of the stream first`() {
        var decoder = HTTPResponseDecoder()
        decoder.expect(method: "GET")
        decoder.receive(Array("HTTP/1.1 200 OK\r\n\r\nbody".utf8))
        guard case .head = decoder.endOfStream() else { return #expect(Bool(false), "no head") }
        #expect(decoder.next() == .body(Array("body".utf8)))
        #expect(decoder.next() == .end)
        #expect(decoder.next() == .needMore)
    }

    @Test func `keeps what follows a 101 for the other protocol`() {
        var decoder = HTTPResponseDecoder()
        decoder.expect(method: "GET")
        decoder.receive(Array("HTTP/1.1 101 Switching Protocols\r\n\r\n\u{1}".utf8))
        guard case .head = decoder.next() else { return #expect(Bool(false), "no head") }
        #expect(decoder.next() == .needMore)
        decoder.receive([2])
        #expect(decoder.takeRemainder() == [1, 2])
    }

    @Test func `an endless stream has the limit its owner sets`() {
        var decoder = HTTPResponseDecoder(limits: HTTPLimits(bodyBytes: 1))
        decoder.expect(method: "GET")
        decoder.receive(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n".utf8))
        _ = decoder.next()
        decoder.bodyLimit = .max
        #expect(decoder.next() == .body(Array("abcd".utf8)))
    }
}
