// What a target is, and how it says that it found something.

import Wire

/// One input after another, each judged by itself.
struct FuzzTarget: Sendable {
    let name: String
    /// The input is lines, most of which end in JSON: it is changed by its structure too.
    let isLines: Bool
    let run: @Sendable (_ input: [UInt8]) -> Void
    let seeds: @Sendable () throws -> [[UInt8]]
}

/// Traps with the reason, in release builds too.
func check(_ condition: Bool, _ reason: @autoclosure () -> String) {
    if !condition { fatalError(reason()) }
}

/// The first bytes of an input choose what is done with the rest.
struct FuzzInput {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// The next byte; 0 behind the end.
    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// A number below `bound`.
    mutating func choice(of bound: Int) -> Int { Int(byte()) % bound }

    var bytes: [UInt8] { Array(rest) }
    var text: String { String(decoding: rest, as: UTF8.self) }
    /// Its lines, without their ends and without empty ones.
    var lines: [[UInt8]] { rest.split(separator: UInt8(ascii: "\n")).map { Array($0) } }
}

/// SplitMix64: small, and the same on every machine.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
