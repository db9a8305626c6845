// The vectors, damaged at random: whatever comes, no decoder traps, and each gives the same actions whole and in pieces.
// A failure prints its seed; REPRISE_SEED=… runs that one again.

import Foundation
import TestSupport
import Testing
import Wire

/// SplitMix64: small, fast, and the same on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

@Suite struct MutationTests {
    private static let seeds: [UInt64] =
        ProcessInfo.processInfo.environment["REPRISE_SEED"].flatMap { UInt64($0) }.map { [$0] } ?? [1, 2, 3]

    /// Runs `decode` over damaged inputs, each whole and byte by byte and in random pieces.
    private func damage<Action: Equatable>(_ inputs: [[UInt8]], seed: UInt64, decode: ([[UInt8]]) -> [Action]) {
        var generator = SeededGenerator(seed: seed)
        for input in inputs where (1...600).contains(input.count) {
            for _ in 0..<8 {
                let bytes = damaged(input, with: inputs, using: &generator)
                let whole = decode([bytes])
                for pieces in [bytes.map { [$0] }, randomPieces(of: bytes, using: &generator)] where decode(pieces) != whole {
                    Issue.record("REPRISE_SEED=\(seed): \(bytes) gives other actions in the pieces \(pieces.map(\.count))")
                }
            }
        }
    }

    private func damaged(_ input: [UInt8], with others: [[UInt8]], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = input
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            case 2: bytes.remove(at: index)
            case 3: bytes.insert([0x0D, 0x0A, 0x3A, 0x20, 0x00].randomElement(using: &generator) ?? 0, at: index)
            default: bytes.insert(contentsOf: (others.randomElement(using: &generator) ?? []).prefix(40), at: index)
            }
        }
        return bytes
    }

    private func randomPieces(of bytes: [UInt8], using generator: inout SeededGenerator) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let byteCount = Int.random(in: 0...min(40, rest.count), using: &generator)
            pieces.append(Array(rest.prefix(byteCount)))
            rest = rest.dropFirst(byteCount)
        }
        return pieces
    }

    @Test(arguments: seeds) func `damaged requests`(seed: UInt64) throws {
        let inputs = try vectors("http/requests.json", of: HTTPRequestVector.self).map(\.input.bytes)
        damage(inputs, seed: seed) { HTTPRequestDecoder.actions(of: $0, limits: HTTPLimits(bodyBytes: 100)) }
    }

    @Test(arguments: seeds) func `damaged responses`(seed: UInt64) throws {
        let inputs = try vectors("http/responses.json", of: HTTPResponseVector.self).map(\.input.bytes)
        damage(inputs, seed: seed) {
            HTTPResponseDecoder.actions(of: $0, methods: ["GET", "HEAD", "GET"], limits: HTTPLimits(bodyBytes: 100), ends: true)
        }
    }

    @Test(arguments: seeds) func `damaged event streams`(seed: UInt64) throws {
        let inputs = try vectors("sse/frames.json", of: SSEVector.self).map(\.input.bytes)
        damage(inputs, seed: seed) { SSEDecoder.actions(of: $0, frameBytes: 30) }
    }

    @Test(arguments: seeds) func `damaged WebSocket frames`(seed: UInt64) throws {
        let inputs = try vectors("websocket/frames.json", of: WebSocketVector.self).map(\.input.bytes)
        damage(inputs, seed: seed) { WebSocketDecoder.actions(of: $0, role: .server, limits: WebSocketLimits(messageBytes: 200)) }
        damage(inputs, seed: seed) { WebSocketDecoder.actions(of: $0, role: .client, limits: WebSocketLimits(messageBytes: 200)) }
    }
}
