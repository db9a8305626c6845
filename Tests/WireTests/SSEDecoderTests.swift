// Event streams by the table, and what the decoder remembers between frames.

import TestSupport
import Testing
import Wire

struct SSEVector: Decodable, CustomTestStringConvertible {
    let name: String
    let input: VectorBytes
    let frameBytes: Int?
    let actions: [Action]
    var testDescription: String { name }

    struct Action: Decodable {
        struct Frame: Decodable {
            let data: VectorBytes
            let id: VectorBytes?
            let event: VectorBytes?
            let retry: Int?
        }
        let frame: Frame?
        let comment: Bool?
        let oversize: Int?

        var decoded: SSEDecoder.Action {
            if let frame {
                return .frame(SSEFrame(id: frame.id?.bytes, event: frame.event?.bytes, data: frame.data.bytes, retry: frame.retry))
            }
            return oversize.map { .oversize(bytes: $0) } ?? .comment
        }
    }
}

@Suite struct SSEDecoderTests {
    @Test(arguments: try vectors("sse/frames.json", of: SSEVector.self))
    func `reads the bytes as the vector says, however they are cut`(_ vector: SSEVector) throws {
        let actions = try EverySplit.actions(of: vector.input.bytes) { pieces in
            SSEDecoder.actions(of: pieces, frameBytes: vector.frameBytes ?? 1 << 20)
        }
        #expect(actions == vector.actions.map(\.decoded))
    }

    @Test func `remembers the last id and the last retry, of frames without data too`() {
        var decoder = SSEDecoder(frameBytes: 100)
        decoder.receive(Array("id: 1\ndata: a\n\nid: 2\nretry: 50\n\n".utf8))
        guard case .frame = decoder.next() else { return #expect(Bool(false), "no frame") }
        #expect(decoder.lastEventID == Array("1".utf8))
        #expect(decoder.next() == .needMore)
        #expect(decoder.lastEventID == Array("2".utf8))
        #expect(decoder.retryMilliseconds == 50)
    }

    @Test func `does not hold an oversize line or a long comment`() {
        var decoder = SSEDecoder(frameBytes: 100)
        for start in ["data: ", ":"] {
            decoder.receive(Array(start.utf8))
            for _ in 0..<50 {
                decoder.receive([UInt8](repeating: 0x78, count: 90))
                #expect(decoder.next() == .needMore)
                #expect(decoder.bufferedBytes <= 200)
            }
            decoder.receive(Array("\n\n".utf8))
            #expect(decoder.next() == (start == ":" ? .comment : .oversize(bytes: 4506)))
            #expect(decoder.next() == .needMore)
        }
    }

    @Test(arguments: ["", "x", "a\nb", "a\n", "\n", "a\r\nb\rc", "{\"json\": 1}"])
    func `reads what the encoder writes`(_ data: String) {
        var bytes: [UInt8] = []
        SSEEncoder.append(event: "line", id: "7", retry: 9, data: Array(data.utf8), to: &bytes)
        SSEEncoder.append(data: Array("next".utf8), to: &bytes)
        var decoder = SSEDecoder(frameBytes: 1000)
        decoder.receive(bytes)
        // Line ends of every kind arrive as LF; by unicode scalars, because CR LF is one Character.
        let joined = String(
            String.UnicodeScalarView(
                Array(data.unicodeScalars).reduce(into: []) { scalars, next in
                    if next == "\n", scalars.last == "\r" { scalars.removeLast() }
                    scalars.append(next)
                }.map { $0 == "\r" ? "\n" : $0 }))
        #expect(decoder.next() == .frame(SSEFrame(id: [0x37], event: Array("line".utf8), data: Array(joined.utf8), retry: 9)))
        #expect(decoder.next() == .frame(SSEFrame(data: Array("next".utf8))))
        #expect(decoder.next() == .needMore)
    }
}
