// Bytes to lines. A line that is too long is given in pieces.

struct LineSplitter {
    static let lineBytes = 64 << 10

    private var rest: [UInt8] = []

    mutating func receive(_ bytes: Span<UInt8>, _ onLine: ([UInt8]) -> Void) {
        for index in 0..<bytes.count {
            if bytes[index] == 0x0A { giveRest(onLine) } else { rest.append(bytes[index]) }
            if rest.count == Self.lineBytes { giveRest(onLine) }
        }
    }

    /// What has no end yet, if there is any.
    mutating func end(_ onLine: ([UInt8]) -> Void) {
        if !rest.isEmpty { giveRest(onLine) }
    }

    private mutating func giveRest(_ onLine: ([UInt8]) -> Void) {
        let line = rest
        rest = []
        onLine(line)
    }
}
