// One half of a ring: whole frames, one behind the other, and where each ends.

import RelayProtocol

struct RingHalf {
    struct Frame {
        /// Where it ends, from the half's beginning.
        var end: Int
        /// Of its line.
        var position: Position
    }

    /// The absolute place of its first byte.
    private(set) var start: UInt64
    private(set) var bytes: [UInt8] = []
    private var frames: [Frame] = []

    init(start: UInt64) { self.start = start }

    var end: UInt64 { start + UInt64(bytes.count) }
    var isEmpty: Bool { frames.isEmpty }
    var last: Position? { frames.last?.position }

    mutating func reserve(_ byteCount: Int) { bytes.reserveCapacity(byteCount) }

    mutating func append(_ line: Span<UInt8>, at position: Position, in encoding: LineEncoding) {
        encoding.append(line: line, id: position, to: &bytes)
        frames.append(Frame(end: bytes.count, position: position))
    }

    /// Takes over what another half holds, which begins where this one ends.
    mutating func append(_ next: RingHalf) {
        precondition(next.start == end)
        let shift = bytes.count
        bytes.append(contentsOf: next.bytes)
        for frame in next.frames { frames.append(Frame(end: frame.end + shift, position: frame.position)) }
    }

    /// Begins anew at `start`, with the memory that it has.
    mutating func restart(at start: UInt64) {
        self.start = start
        bytes.removeAll(keepingCapacity: true)
        frames.removeAll(keepingCapacity: true)
    }

    /// Where the first frame after `position` begins; nil if there is none.
    func start(after position: Position) -> UInt64? {
        let index = firstIndex { $0.position.offset > position.offset }
        return index < frames.count ? start + UInt64(frameStart(index)) : nil
    }

    /// The frame that has the byte at `cursor`: where it begins and ends, its line's position, and that of the line before it
    /// in this half.
    func frame(at cursor: UInt64) -> (start: UInt64, end: UInt64, own: Position, previous: Position?)? {
        let place = Int(cursor - start)
        let index = firstIndex { $0.end > place }
        guard index < frames.count else { return nil }
        let previous = index == 0 ? nil : frames[index - 1].position
        return (start + UInt64(frameStart(index)), start + UInt64(frames[index].end), frames[index].position, previous)
    }

    private func frameStart(_ index: Int) -> Int { index == 0 ? 0 : frames[index - 1].end }

    private func firstIndex(where isPast: (Frame) -> Bool) -> Int {
        var low = 0
        var high = frames.count
        while low < high {
            let middle = (low + high) / 2
            if isPast(frames[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
