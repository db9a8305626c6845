// Frames by the table, and what the encoder writes read back.

import TestSupport
import Testing
import Wire

struct WebSocketVector: Decodable, CustomTestStringConvertible {
    let name: String
    let role: String
    let input: VectorBytes
    let limits: Limits?
    let actions: [Action]
    var testDescription: String { name }

    struct Limits: Decodable {
        let messageBytes: Int
        let frameBytes: Int?
    }

    struct Action: Decodable {
        struct Close: Decodable {
            let code: UInt16?
            let reason: VectorBytes
        }
        let text, binary, ping, pong: VectorBytes?
        let close: Close?
        let fail: UInt16?

        var decoded: WebSocketDecoder.Action {
            if let text { return .text(text.bytes) }
            if let binary { return .binary(binary.bytes) }
            if let ping { return .ping(ping.bytes) }
            if let pong { return .pong(pong.bytes) }
            if let close { return .close(code: close.code, reason: close.reason.bytes) }
            return .fail(code: fail ?? 0, reason: "")
        }
    }
}

@Suite struct WebSocketDecoderTests {
    @Test(arguments: try vectors("websocket/frames.json", of: WebSocketVector.self))
    func `reads the bytes as the vector says, however they are cut`(_ vector: WebSocketVector) throws {
        let limits = vector.limits.map { WebSocketLimits(messageBytes: $0.messageBytes, frameBytes: $0.frameBytes ?? .max) }
        let actions = try EverySplit.actions(of: vector.input.bytes) { pieces in
            WebSocketDecoder.actions(of: pieces, role: vector.role == "server" ? .server : .client, limits: limits ?? WebSocketLimits())
        }
        #expect(actions == vector.actions.map(\.decoded))
    }

    @Test(arguments: [0, 1, 7, 125, 126, 127, 65_535, 65_536, 70_001])
    func `reads what the encoder writes, from either side`(_ byteCount: Int) {
        let payload = (0..<byteCount).map { UInt8(0x20 + $0 % 90) }
        for (role, maskKey) in [(WebSocketRole.client, nil), (.server, UInt32(0x37FA_213D))] {
            var bytes: [UInt8] = []
            WebSocketEncoder.append(text: payload, maskKey: maskKey, to: &bytes)
            WebSocketEncoder.append(binary: payload, maskKey: maskKey, to: &bytes)
            WebSocketEncoder.append(ping: Array(payload.prefix(125)), maskKey: maskKey, to: &bytes)
            WebSocketEncoder.append(pong: [], maskKey: maskKey, to: &bytes)
            WebSocketEncoder.appendClose(code: 1001, reason: "so long", maskKey: maskKey, to: &bytes)
            let actions = WebSocketDecoder.actions(of: [bytes], role: role, limits: WebSocketLimits())
            #expect(
                actions == [
                    .text(payload), .binary(payload), .ping(Array(payload.prefix(125))), .pong([]),
                    .close(code: 1001, reason: Array("so long".utf8)),
                ])
        }
    }

    @Test func `a text header and its payload are what the encoder writes whole`() {
        for byteCount in [0, 125, 126, 65_535, 65_536] {
            let payload = [UInt8](repeating: 0x61, count: byteCount)
            var apart: [UInt8] = []
            var whole: [UInt8] = []
            WebSocketEncoder.appendTextHeader(payloadBytes: byteCount, to: &apart)
            #expect(apart.count == WebSocketEncoder.headerBytes(for: byteCount))
            WebSocketEncoder.append(text: payload, to: &whole)
            #expect(apart + payload == whole)
        }
    }

    @Test func `writes the masked example of RFC 6455`() {
        var bytes: [UInt8] = []
        WebSocketEncoder.append(text: Array("Hello".utf8), maskKey: 0x37FA_213D, to: &bytes)
        #expect(bytes == [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
    }

    @Test func `cuts a close reason at a character`() {
        var bytes: [UInt8] = []
        WebSocketEncoder.appendClose(code: 1000, reason: String(repeating: "€", count: 50), to: &bytes)
        var decoder = WebSocketDecoder(role: .client)
        decoder.receive(bytes)
        #expect(decoder.next() == .close(code: 1000, reason: Array(String(repeating: "€", count: 41).utf8)))
    }

    @Test func `holds nothing between messages`() {
        var decoder = WebSocketDecoder(role: .client)
        var bytes: [UInt8] = []
        WebSocketEncoder.append(text: [UInt8](repeating: 0x61, count: 5000), to: &bytes)
        decoder.receive(Array(bytes.prefix(3000)))
        #expect(decoder.next() == .needMore)
        #expect(decoder.bufferedBytes == 2996)
        decoder.receive(Array(bytes.dropFirst(3000)))
        guard case .text = decoder.next() else { return #expect(Bool(false), "no text") }
        #expect(decoder.next() == .needMore)
        #expect(decoder.bufferedBytes == 0)
    }
}
