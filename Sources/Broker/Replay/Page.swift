// A piece of a replay, framed: lines of the log, or the control lines that a subscribe begins with. Made once, on the thread that read it,
// and shared by all who stand at the same place.

import RelayProtocol
import Wire

public final class Page: Sendable {
    struct Frame: Sendable {
        /// Where it ends in `bytes`.
        var end: Int
        /// What a reader that has it all can go on from.
        var position: Position
    }

    /// Many lines are one WebSocket message up to this size: a reader that stalls inside of one holds little, and every client takes it.
    static let messageBytes = 64 << 10

    let bytes: [UInt8]
    let frames: [Frame]
    /// Everything up to here is in the page, or was not there when it was read.
    let through: Position
    let removedThrough: UInt64
    /// The topic's number in the log; nil for what is not there. A topic that was made again has another one.
    let lineage: Int64?
    /// It has the lines that a subscribe begins with.
    let isStart: Bool

    /// Lines as the log has them.
    /// - Parameters:
    ///   - ends: where each line ends, behind its LF.
    ///   - firstAlone: the first line is a message of its own, as it was live.
    public init(
        lines: [UInt8], ends: [Int], through: Position, removedThrough: UInt64, lineage: Int64?, in encoding: LineEncoding,
        firstAlone: Bool = false
    ) {
        var framing = Framing(encoding: encoding, capacity: lines.count + 64)
        var start = 0
        for (index, end) in ends.enumerated() {
            guard let position = EventLine.position(of: lines[start..<end]) else { continue }
            framing.add(lines.span.extracting(start..<end), position: position, isAlone: firstAlone && index <= 1)
            start = end
        }
        framing.finish()
        (bytes, frames) = (framing.bytes, framing.frames)
        (self.through, self.removedThrough, self.lineage, isStart) = (through, removedThrough, lineage, false)
    }

    /// Control lines, one message each.
    init(_ start: Start, in encoding: LineEncoding) {
        var bytes: [UInt8] = []
        var frames: [Frame] = []
        for line in start.lines {
            encoding.append(line: line.bytes.span, id: line.id, to: &bytes)
            frames.append(Frame(end: bytes.count, position: start.begin))
        }
        (self.bytes, self.frames) = (bytes, frames)
        (through, removedThrough, lineage, isStart) = (start.begin, start.removedThrough, start.lineage, true)
    }

    /// Whether a frame ends (and the next begins) there.
    func isBoundary(_ place: Int) -> Bool {
        place == 0 || frames[..<index(of: place)].last?.end == place || place == bytes.count
    }

    /// Where the frame with that byte ends.
    func frameEnd(of place: Int) -> Int {
        let index = index(of: place)
        return index < frames.count ? frames[index].end : bytes.count
    }

    /// The position of the last frame that begins before `place`; nil at the beginning.
    func position(through place: Int) -> Position? { place == 0 ? nil : frames[index(of: place - 1)].position }

    /// The first frame that ends after `place`.
    private func index(of place: Int) -> Int {
        var low = 0
        var high = frames.count
        while low < high {
            let middle = (low + high) / 2
            if frames[middle].end > place { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// Lines to frames, many in one WebSocket message.
private struct Framing {
    let encoding: LineEncoding
    private(set) var bytes: [UInt8] = []
    private(set) var frames: [Page.Frame] = []
    private var message: [UInt8] = []
    private var last: Position?

    init(encoding: LineEncoding, capacity: Int) {
        self.encoding = encoding
        bytes.reserveCapacity(capacity)
    }

    mutating func add(_ line: Span<UInt8>, position: Position, isAlone: Bool) {
        switch encoding {
        case .sse:
            encoding.append(line: line, id: position, to: &bytes)
            frames.append(Page.Frame(end: bytes.count, position: position))
        case .webSocket:
            if isAlone || message.count + line.count > Page.messageBytes { finish() }
            message.append(copying: line)
            last = position
        }
    }

    mutating func finish() {
        guard let last else { return }
        let whole = message
        (message, self.last) = ([], nil)
        encoding.append(line: whole.span, id: nil, to: &bytes)
        frames.append(Page.Frame(end: bytes.count, position: last))
    }
}
