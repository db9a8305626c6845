// The fields of the frame being read. The first `data` line is copied straight from the input, so that the ordinary
// frame is copied once; further ones are joined to it by LF.

struct SSEFrameBuilder: Sendable {
    private(set) var id: [UInt8]?
    private(set) var event: [UInt8]?
    private(set) var data: [UInt8]?
    private(set) var retry: Int?
    /// Bytes of the lines so far, without their ends.
    private(set) var size = 0
    private(set) var isOversize = false

    /// Gives up the frame: only its size is still counted.
    mutating func skip(_ byteCount: Int) {
        let total = size + byteCount
        self = SSEFrameBuilder()
        size = total
        isOversize = true
    }

    mutating func accept(_ line: ArraySlice<UInt8>) {
        size += line.count
        // The longest known name has five letters: a colon further on ends an unknown one.
        let colon = line.prefix(6).firstIndex(of: UInt8(ascii: ":"))
        let name = line[..<(colon ?? line.endIndex)]
        var value = line[(colon.map { $0 + 1 } ?? line.endIndex)...]
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        if name.elementsEqual("data".utf8) {
            addData(value)
        } else if name.elementsEqual("event".utf8) {
            event = value.isEmpty ? nil : Array(value)
        } else if name.elementsEqual("id".utf8) {
            if !value.contains(0) { id = Array(value) }
        } else if name.elementsEqual("retry".utf8) {
            retry = decimal(value) ?? retry
        }
    }

    private mutating func addData(_ value: ArraySlice<UInt8>) {
        if data == nil {
            data = Array(value)
        } else {
            data?.append(0x0A)
            data?.append(contentsOf: value)
        }
    }

    private func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty else { return nil }
        var number = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit), number <= (Int.max - 9) / 10 else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        return number
    }
}
