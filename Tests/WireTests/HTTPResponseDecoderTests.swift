// Responses by the table, and the hand-over after a 101.

import TestSupport
import Testing
import Wire

@Suite struct HTTPResponseDecoderTests {
    @Test(arguments: try vectors("http/responses.json", of: HTTPResponseVector.self))
    func `reads the bytes as the vector says, however they are cut`(_ vector: HTTPResponseVector) throws {
        let limits = HTTPVectorLimits.limits(vector.limits)
        let actions = try EverySplit.actions(of: vector.input.bytes) { pieces in
            HTTPResponseDecoder.actions(of: pieces, methods: vector.methods, limits: limits, ends: vector.ends ?? false)
        }
        #expect(actions == vector.actions)
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
