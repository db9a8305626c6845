// Whether one text stands within another, in time that grows with their lengths only (Knuth, Morris, Pratt 1977): both may be long and of few
// letters.

struct Passage {
    private let bytes: [UInt8]
    /// How much of the passage's beginning also ends at each byte.
    private let borders: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var borders = [Int](repeating: 0, count: bytes.count)
        var length = 0
        for place in bytes.indices.dropFirst() {
            while length > 0, bytes[place] != bytes[length] { length = borders[length - 1] }
            if bytes[place] == bytes[length] { length += 1 }
            borders[place] = length
        }
        self.borders = borders
    }

    func isIn(_ text: some Sequence<UInt8>) -> Bool {
        var matched = 0
        for byte in text where matched < bytes.count {
            while matched > 0, byte != bytes[matched] { matched = borders[matched - 1] }
            if byte == bytes[matched] { matched += 1 }
        }
        return matched == bytes.count
    }
}
