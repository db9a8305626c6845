// What a topic said, once for all subscribers. Event lines are the same bytes for everybody, so the first to hear a byte adds it here, where
// each line is read and must be the next event; all others must hear what stands here. So every subscriber's stream is checked whole, for
// the price of a comparison.

import Glibc
import Wire

final class Transcript {
    /// The number of the first event.
    let firstLine: Int
    private var bytes: [UInt8] = []
    private var lineEnds: [Int] = []
    private var lineStart = 0
    private var lastPosition = ""

    /// Which line the subscribers are waiting for, and where it ends, as soon as that is known.
    private var awaitedLine = Int.max
    private(set) var awaitedEnd = Int.max

    init(firstLine: Int) { self.firstLine = firstLine }

    private var lastLine: Int { firstLine + lineEnds.count - 1 }

    func expect(line: Int) {
        awaitedLine = line
        awaitedEnd = lastLine == line ? bytes.count : .max
    }

    /// By place, from 0; nil while it is not known.
    func end(ofLine place: Int) -> Int? { place < lineEnds.count ? lineEnds[place] : nil }

    /// Takes what a subscriber heard that had heard `offset` bytes before.
    func hear(_ heard: Span<UInt8>, at offset: Int) throws(TranscriptError) {
        let known = min(heard.count, bytes.count - offset)
        guard isEqual(heard.extracting(..<known), at: offset) else {
            throw TranscriptError("a subscriber heard something else than the first one, after byte \(offset)")
        }
        if known < heard.count { try add(heard.extracting(known...)) }
    }

    private func isEqual(_ heard: Span<UInt8>, at offset: Int) -> Bool {
        // SAFETY: both pointers are valid during the call, and `offset + heard.count` is at most the array's count.
        unsafe heard.withUnsafeBufferPointer { heard in
            unsafe bytes.withUnsafeBufferPointer { bytes in
                guard let left = heard.baseAddress, let right = bytes.baseAddress else { return heard.isEmpty }
                return unsafe memcmp(left, right + offset, heard.count) == 0
            }
        }
    }

    private func add(_ new: Span<UInt8>) throws(TranscriptError) {
        var search = bytes.count
        bytes.append(copying: new)
        while let end = bytes[search...].firstIndex(of: 0x0A) {
            try read(Array(bytes[lineStart..<end]))
            lineStart = end + 1
            search = lineStart
            lineEnds.append(lineStart)
            if lastLine == awaitedLine { awaitedEnd = lineStart }
        }
    }

    private func read(_ line: [UInt8]) throws(TranscriptError) {
        guard let value = try? JSON.parse(line), let position = value["at"]?.string, let number = value["event"]?["n"]?.int
        else { throw TranscriptError("not an event of this bench: \(String(decoding: line.prefix(200), as: UTF8.self))") }
        guard number == lastLine + 1 else { throw TranscriptError("event \(number) came where \(lastLine + 1) was due") }
        guard position > lastPosition else { throw TranscriptError("position \(position) came after \(lastPosition)") }
        lastPosition = position
    }
}

struct TranscriptError: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
