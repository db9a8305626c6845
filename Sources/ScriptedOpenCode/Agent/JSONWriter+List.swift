// A list of what is written already.

import Wire

extension JSONWriter {
    static func list(_ items: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        for (place, item) in items.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += item
        }
        return bytes + [UInt8(ascii: "]")]
    }
}
