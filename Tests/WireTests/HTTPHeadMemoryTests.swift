// Heads that follow one another on one connection: each is read as if it were the first, and what is told to be a repetition is one.

import Testing

@testable import Wire

@Suite struct HTTPHeadMemoryTests {
    private static let long = String(repeating: "x", count: 1100)

    /// Each differs from some other in one thing.
    static let heads = [
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nAuthorization: Bearer one\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nAuthorization: Bearer one\r\n\r\nx",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nAuthorization: Bearer two\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer one\r\nContent-Length: 0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nIdempotency-Key: k1\r\nAuthorization: Bearer one\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nIdempotency-Key: k2\r\nAuthorization: Bearer one\r\n\r\n",
        "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nAuthorization: Bearer one\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nAuthorization: Bearer one\r\n\r\n",
        "POST /a HTTP/1.0\r\nHost: a\r\nContent-Length: 0\r\nAuthorization: Bearer one\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: b\r\nContent-Length: 0\r\nAuthorization: Bearer one\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nAuthorization: Bearer one\r\nX: \(long)\r\nY: 1\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nAuthorization: Bearer one\r\nX: \(long)\r\nY: 2\r\n\r\n",
        "POST /\(long) HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
    ]

    private func head(_ text: String, _ decoder: inout HTTPRequestDecoder) -> HTTPRequestHead? {
        decoder.receive(Array(text.utf8))
        guard case .head(let head) = decoder.next() else { return nil }
        while case .body = decoder.next() {}
        return head
    }

    /// What a repetition may differ in, taken out.
    private func question(_ head: HTTPRequestHead) -> HTTPRequestHead {
        var head = head
        let kept = head.headers.map { (name: $0.name, value: ["Content-Length", "Idempotency-Key"].contains($0.name) ? "" : $0.value) }
        head.headers = HTTPHeaders(kept.map { ($0.name, $0.value) })
        return head
    }

    @Test(arguments: heads) func `a head is read the same after any other`(second: String) throws {
        var alone = HTTPRequestDecoder()
        let expected = try #require(head(second, &alone))
        #expect(!alone.isRepetition)
        for first in Self.heads {
            var decoder = HTTPRequestDecoder()
            let before = try #require(head(first, &decoder))
            #expect(head(second, &decoder) == expected, "after \(first)")
            if decoder.isRepetition { #expect(question(before) == question(expected), "after \(first)") }
            #expect(head(first, &decoder) == before, "again \(first)")
        }
    }

    @Test func `what differs in the body's fields alone is a repetition`() {
        for (first, second) in [(0, 0), (0, 1), (1, 0), (5, 6)] {
            var decoder = HTTPRequestDecoder()
            _ = head(Self.heads[first], &decoder)
            _ = head(Self.heads[second], &decoder)
            #expect(decoder.isRepetition, "\(first), \(second)")
        }
    }

    @Test func `a head over the bound is read, and not remembered`() {
        var decoder = HTTPRequestDecoder()
        for _ in 0..<2 {
            _ = head(Self.heads[13], &decoder)
            #expect(!decoder.isRepetition)
            _ = head(Self.heads[11], &decoder)
            #expect(!decoder.isRepetition)
        }
    }

    @Test func `a bad line is refused after a good one in its place`() {
        var decoder = HTTPRequestDecoder()
        _ = head("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n", &decoder)
        decoder.receive(Array("GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n".utf8))
        guard case .refuse(let refusal) = decoder.next() else { return #expect(Bool(false), "it was taken") }
        #expect(refusal.status == 400)
    }

    @Test func `two Hosts are refused after one`() {
        var decoder = HTTPRequestDecoder()
        _ = head("GET / HTTP/1.1\r\nHost: a\r\n\r\n", &decoder)
        decoder.receive(Array("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n".utf8))
        guard case .refuse = decoder.next() else { return #expect(Bool(false), "it was taken") }
    }

    @Test(arguments: [0, 7, 10, 99, 100, -1, -10, Int.max, Int.min]) func `digits are those of the number`(number: Int) {
        var bytes: [UInt8] = []
        bytes.append(decimal: number)
        #expect(String(decoding: bytes, as: UTF8.self) == "\(number)")
    }
}
