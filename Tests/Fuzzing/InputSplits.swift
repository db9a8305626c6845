// A decoder must not care where the network cuts its bytes: whole, byte by byte and cut at places that the input chooses give the same.

enum InputSplits {
    /// What `run` makes of the bytes in one piece, after the other ways have been compared with it.
    static func agree<Action: Equatable>(on bytes: [UInt8], cutBy seed: UInt8, run: ([[UInt8]]) -> [Action]) -> [Action] {
        let whole = run([bytes])
        for pieces in [bytes.map { [$0] }, cut(bytes, by: seed)] {
            let actions = run(pieces)
            check(actions == whole, "in the pieces \(pieces.map(\.count)):\n  \(actions)\nwhole:\n  \(whole)")
        }
        return whole
    }

    private static func cut(_ bytes: [UInt8], by seed: UInt8) -> [[UInt8]] {
        var random = SplitMix(seed: UInt64(seed))
        let longest = Int(seed) % 40
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 0...1 + longest, using: &random))
            pieces.append(Array(piece))
            rest = rest[piece.endIndex...]
        }
        return pieces
    }
}
