// A position's text, byte by byte: every place has its alphabet, and there is exactly one text for a position.

struct PositionReader {
    private var place = 0
    private var isLegal = true
    private var start: UInt64 = 0
    private var random: UInt64 = 0
    private var offset: UInt64 = 0

    /// Nil unless exactly the right bytes were taken.
    var position: Position? {
        guard isLegal, place == Position.textBytes else { return nil }
        return Position(epoch: Epoch(start: UInt32(start), random: UInt32(random)), offset: offset)
    }

    mutating func take(_ byte: UInt8) {
        switch place {
        case 0..<4: start = start * 36 + digit(byte, base: 36)
        case 5..<10: random = random * 36 + digit(byte, base: 36)
        case 11..<21: offset = offset * 10 + digit(byte, base: 10)
        default: isLegal = isLegal && place < Position.textBytes && byte == UInt8(ascii: "-")
        }
        place += 1
    }

    private mutating func digit(_ byte: UInt8, base: UInt8) -> UInt64 {
        let value: UInt8
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 10
        default: value = .max
        }
        guard value < base else {
            isLegal = false
            return 0
        }
        return UInt64(value)
    }
}
