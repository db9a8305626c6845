// A decoder must not care where the network cuts its bytes. This feeds it the same bytes whole, one by one, and cut in
// two at each index, and wants the same actions each time.

public enum EverySplit {
    public struct Mismatch: Error, CustomStringConvertible {
        public let description: String
    }

    /// The actions of the whole feeding, after every other one has been compared with it.
    /// - Parameters:
    ///   - run: makes a fresh decoder, feeds it the pieces one after another, drains it after each, and gives all actions,
    ///     but for those that only ask for more, and with neighbouring pieces of a body joined.
    public static func actions<Action: Equatable>(of bytes: [UInt8], run: (_ pieces: [[UInt8]]) throws -> [Action]) throws -> [Action] {
        let expected = try run([bytes])
        for feeding in feedings(of: bytes) {
            let actions = try run(feeding.pieces)
            guard actions == expected else {
                throw Mismatch(description: "\(feeding.name) gives\n  \(actions)\nbut whole it gives\n  \(expected)")
            }
        }
        return expected
    }

    // Two pieces at each index cost the square of the length: a long input is cut at every so many, 8 MB in all.
    private static func feedings(of bytes: [UInt8]) -> [(name: String, pieces: [[UInt8]])] {
        let cutsAtMost = 8_000_000 / max(1, bytes.count)
        let cuts = stride(from: 1, to: bytes.count, by: 1 + bytes.count / cutsAtMost)
        return [("byte by byte", bytes.map { [$0] }), ("with empty pieces", [[], bytes, []])]
            + cuts.map { ("cut at \($0)", [Array(bytes[..<$0]), Array(bytes[$0...])]) }
    }
}
