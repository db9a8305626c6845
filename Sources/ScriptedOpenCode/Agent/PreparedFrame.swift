// A delta's frame with two places left open: the count in its id and the number in its text. A flood fills them in, so that a frame costs
// little more than its bytes' copying: a load for a bench must not be the load's own work.

struct PreparedFrame {
    private let bytes: [UInt8]
    private let stampAt: Int
    private let numberAt: Int

    /// - Parameter frame: of a delta with the text `ScriptTexts.flooded(0)`.
    init?(_ frame: [UInt8]) {
        guard let id = Self.place(of: "\"evt_", in: frame, from: 0),
            let number = Self.place(of: "\\n" + String(repeating: "0", count: ScriptTexts.floodDigits), in: frame, from: id)
        else { return nil }
        (bytes, stampAt, numberAt) = (frame, id + 5, number + 2)
    }

    private static func place(of word: String, in bytes: [UInt8], from start: Int) -> Int? {
        let word = Array(word.utf8)
        guard let first = word.first, bytes.count >= word.count else { return nil }
        var at = start
        while let found = bytes[at...].firstIndex(of: first) {
            if bytes[found...].starts(with: word) { return found }
            at = found + 1
        }
        return nil
    }

    func append(number: Int, stamp: UInt64, to output: inout [UInt8]) {
        let start = output.count
        output.append(contentsOf: bytes)
        Self.write(stamp, base: 16, digits: 12, at: start + stampAt, &output)
        Self.write(UInt64(number), base: 10, digits: ScriptTexts.floodDigits, at: start + numberAt, &output)
    }

    private static let figures = Array("0123456789abcdef".utf8)

    fileprivate static func write(_ value: UInt64, base: UInt64, digits: Int, at place: Int, _ output: inout [UInt8]) {
        var rest = value
        for digit in stride(from: place + digits - 1, through: place, by: -1) {
            output[digit] = figures[Int(rest % base)]
            rest /= base
        }
    }

    /// The texts of many, as they are heard.
    struct Text {
        private(set) var bytes: [UInt8] = []
        private static let piece = Array(ScriptTexts.flooded(0).utf8)

        mutating func append(number: Int) {
            let start = bytes.count
            bytes.append(contentsOf: Self.piece)
            PreparedFrame.write(UInt64(number), base: 10, digits: ScriptTexts.floodDigits, at: start + 1, &bytes)
        }
    }
}
