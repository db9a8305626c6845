// A position as a client has it: opaque. What it means is the server's business; a client keeps it, compares it and gives it back.

import RelayProtocol

enum PositionText {
    /// The text of a value, if it may be a position: `[0-9A-Za-z.-]{1,64}`.
    static func of(_ bytes: ArraySlice<UInt8>) -> String? {
        guard (1...Limits.positionBytes).contains(bytes.count), bytes.allSatisfy(isLegal) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isLegal(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "-"): true
        default: false
        }
    }
}
