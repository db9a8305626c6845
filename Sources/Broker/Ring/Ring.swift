// A topic's newest frames in one encoding, in memory once for all subscribers of a loop: a subscriber is an absolute byte cursor into it.
// Two halves take turns: the newer is filled, and when it is full the older one is dropped and filled next. No frame lies in both, so what
// a reader is owed is at most two pieces, for one send, and a frame that does not fit into a half is never in the ring.
// The rule: before a half is dropped, whoever has a cursor in it is told where it stood (`Lane` sees to it). There are no stale cursors.

import RelayProtocol

struct Ring {
    enum Place: Equatable {
        /// All that follows the position is here, from this cursor on.
        case at(UInt64)
        /// Something between the position and the ring's first frame is only in the log.
        case behind
        /// The position is later than what this loop has been told.
        case ahead
    }

    let encoding: LineEncoding
    /// The position before the first frame that is held.
    private(set) var before: Position
    /// Of the last line that was told, held or not.
    private(set) var last: Position
    /// 0 while it holds no memory.
    private(set) var capacityBytes = 0
    private var older = RingHalf(start: 0)
    private var newer = RingHalf(start: 0)
    private let limits: Limits

    struct Limits {
        var first = RelayProtocol.Limits.ringBytes
        var largest = RelayProtocol.Limits.largestRingBytes
    }

    init(encoding: LineEncoding, at position: Position, limits: Limits = Limits()) {
        self.encoding = encoding
        self.limits = limits
        (before, last) = (position, position)
    }

    /// The first byte held, and the end of the last.
    var tail: UInt64 { older.start }
    var head: UInt64 { newer.end }
    /// What is dropped when the next half begins.
    var dropsBelow: UInt64 { newer.start }

    var isLargest: Bool { capacityBytes >= limits.largest }
    var nextCapacityBytes: Int { capacityBytes == 0 ? limits.first : capacityBytes * 2 }

    /// Whether a frame can be in a ring of this size at all.
    func canHold(_ frameBytes: Int) -> Bool { frameBytes <= capacityBytes / 2 }

    /// Whether the newer half takes the frame without dropping the older one.
    func hasRoom(for frameBytes: Int) -> Bool { newer.bytes.count + frameBytes <= capacityBytes / 2 }

    /// Allocates, or doubles; everything held stays. The budget is the caller's to ask.
    mutating func grow() {
        capacityBytes = nextCapacityBytes
        older.append(newer)
        newer = RingHalf(start: older.end)
    }

    /// Drops the older half: nobody may have a cursor in it.
    mutating func turnOver() {
        before = older.last ?? before
        swap(&older, &newer)
        newer.restart(at: older.end)
        newer.reserve(capacityBytes / 2)
    }

    /// Adds a frame: the caller has made sure of the room.
    mutating func append(_ line: Span<UInt8>, at position: Position) {
        newer.append(line, at: position, in: encoding)
        last = position
    }

    /// Forgets all frames: what follows does not follow on them, or has no place here. Nobody may have a cursor.
    mutating func restart(at position: Position) {
        let head = head
        older.restart(at: head)
        newer.restart(at: head)
        (before, last) = (position, position)
    }

    /// Gives the memory back. Cursors at the head stay good.
    mutating func release() -> Int {
        let freed = capacityBytes
        (older, newer) = (RingHalf(start: head), RingHalf(start: head))
        before = last
        capacityBytes = 0
        return freed
    }

    func place(after position: Position) -> Place {
        if position.offset > last.offset || isOfLaterTopic(position) { return .ahead }
        if position.offset < before.offset { return .behind }
        return .at(older.start(after: position) ?? newer.start(after: position) ?? head)
    }

    /// A topic has one epoch in each start of the process, and later ones have later offsets: a position that breaks this is of a topic that was
    /// made again, of which this loop will hear in a moment.
    private func isOfLaterTopic(_ position: Position) -> Bool {
        position.epoch != last.epoch && position.epoch.start >= last.epoch.start
    }

    /// The last line that is wholly before `cursor`, and how many bytes of the next frame are before it too.
    func standing(at cursor: UInt64) -> (after: Position, torn: Int) {
        guard let frame = frame(at: cursor) else { return (last, 0) }
        return (frame.previous, Int(cursor - frame.start))
    }

    /// The line of the last frame that begins before `cursor`.
    func position(through cursor: UInt64) -> Position {
        guard let frame = frame(at: cursor) else { return last }
        return frame.start < cursor ? frame.own : frame.previous
    }

    /// The end of the frame that `cursor` is in the middle of; nil where it is at a frame's beginning.
    func frameEnd(inside cursor: UInt64) -> UInt64? {
        guard let frame = frame(at: cursor), frame.start < cursor else { return nil }
        return frame.end
    }

    private func frame(at cursor: UInt64) -> (start: UInt64, end: UInt64, own: Position, previous: Position)? {
        if cursor < newer.start { return older.frame(at: cursor).map { ($0.start, $0.end, $0.own, $0.previous ?? before) } }
        return newer.frame(at: cursor).map { ($0.start, $0.end, $0.own, $0.previous ?? older.last ?? before) }
    }

    /// Lends the bytes from one cursor to another, in order.
    func withBytes<Result>(from start: UInt64, to end: UInt64, _ body: (Span<UInt8>, Span<UInt8>) -> Result) -> Result {
        precondition(start >= tail && start <= end && end <= head)
        let middle = newer.start
        let first = older.bytes.span.extracting(piece(start, min(end, middle), of: older))
        let second = newer.bytes.span.extracting(piece(max(start, middle), end, of: newer))
        return first.isEmpty ? body(second, Span()) : body(first, second)
    }

    private func piece(_ start: UInt64, _ end: UInt64, of half: RingHalf) -> Range<Int> {
        start < end ? Int(start - half.start)..<Int(end - half.start) : 0..<0
    }
}
