// Requests by the table, and what a table cannot say: what the owner decides between the actions.

import TestSupport
import Testing
import Wire

@Suite struct HTTPRequestDecoderTests {
    @Test(arguments: try vectors("http/requests.json", of: HTTPRequestVector.self))
    func `reads the bytes as the vector says, however they are cut`(_ vector: HTTPRequestVector) throws {
        let actions = try EverySplit.actions(of: vector.input.bytes) { pieces in
            HTTPRequestDecoder.actions(of: pieces, limits: HTTPVectorLimits.limits(vector.limits))
        }
        #expect(actions == vector.actions)
    }

    @Test func `keeps what follows an upgrade for the other protocol`() {
        var decoder = HTTPRequestDecoder()
        decoder.receive(Array("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\u{1}\u{2}".utf8))
        guard case .head(let head) = decoder.next() else { return #expect(Bool(false), "no head") }
        #expect(head.isUpgrade(to: "WebSocket"))
        #expect(decoder.takeRemainder() == [1, 2])
        decoder.receive([3])
        #expect(decoder.next() == .needMore)
        #expect(decoder.bufferedBytes == 0)
    }

    @Test func `lets the owner set the limit of each body after its head`() {
        var decoder = HTTPRequestDecoder(limits: HTTPLimits(bodyBytes: 2))
        let post = Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc".utf8)
        decoder.receive(post + post)
        guard case .head = decoder.next() else { return #expect(Bool(false), "no head") }
        decoder.bodyLimit = 3
        #expect(decoder.next() == .body(Array("abc".utf8)))
        #expect(decoder.next() == .end)
        guard case .head = decoder.next() else { return #expect(Bool(false), "no second head") }
        guard case .refuse(let refusal) = decoder.next() else { return #expect(Bool(false), "no refusal") }
        #expect(refusal.status == 413)
    }

    @Test func `says the same refusal for ever and holds nothing`() {
        var decoder = HTTPRequestDecoder()
        decoder.receive(Array("GET /\r\n\r\n".utf8))
        let refusal = decoder.next()
        decoder.receive(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        #expect(decoder.next() == refusal)
        #expect(decoder.bufferedBytes == 0)
    }

    @Test func `does not read a pipelined request before it is asked for`() {
        var decoder = HTTPRequestDecoder()
        decoder.receive(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n".utf8))
        guard case .head = decoder.next() else { return #expect(Bool(false), "no head") }
        #expect(decoder.next() == .end)
        #expect(decoder.bufferedBytes == 10)
        guard case .refuse = decoder.next() else { return #expect(Bool(false), "nonsense was taken") }
    }

    @Test func `is idle only between requests`() {
        var decoder = HTTPRequestDecoder()
        #expect(decoder.isIdle)
        decoder.receive(Array("GET".utf8))
        #expect(decoder.next() == .needMore && !decoder.isIdle)
        decoder.receive(Array(" / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        _ = decoder.next()
        #expect(!decoder.isIdle)
        #expect(decoder.next() == .end && decoder.isIdle)
    }
}
