// The lines of an event stream: ended by LF, CR or CRLF, after an optional byte order mark.
// A line is searched once however it arrives: `searched` remembers how far. Comments, and lines for which there is no
// room, are let go as they come.

struct SSELineReader: Sendable {
    enum Line {
        case incomplete
        case blank
        case comment
        /// Where the line stands in `input.bytes`, until the next call that changes the input.
        case field(Range<Int>)
        /// A part of a line too long to hold, already let go.
        case dropped(Int)
    }

    private enum Position { case streamStart, lineStart, insideComment, insideDropped }

    // An ingest stream has one buffer, in use all the time.
    var input = InputBuffer(retaining: 64 << 10)
    private var position = Position.streamStart
    private var searched = 0
    private var skipsLineFeed = false

    mutating func next(roomLeft: Int) -> Line {
        guard passMark(), passLineFeed() else { return wait() }
        guard let end = input.bytes.span.firstLineEnd(from: input.start + searched) else { return partOfLine(roomLeft: roomLeft) }
        let line = input.start..<end
        skipsLineFeed = input.bytes[end] == 0x0D
        input.consume(line.count + 1)
        searched = 0
        defer { position = .lineStart }
        switch position {
        case .insideComment: return .comment
        case .insideDropped: return .dropped(line.count)
        case .streamStart, .lineStart: return whole(line)
        }
    }

    private func whole(_ line: Range<Int>) -> Line {
        if line.isEmpty { return .blank }
        return input.bytes[line.lowerBound] == UInt8(ascii: ":") ? .comment : .field(line)
    }

    private mutating func partOfLine(roomLeft: Int) -> Line {
        searched = input.count
        guard searched > 0 else { return wait() }
        if position == .lineStart, input[0] == UInt8(ascii: ":") { position = .insideComment }
        if position == .lineStart, searched > roomLeft { position = .insideDropped }
        guard position != .lineStart else { return .incomplete }
        let dropped = searched
        input.consume(dropped)
        searched = 0
        return position == .insideDropped ? .dropped(dropped) : wait()
    }

    private mutating func wait() -> Line {
        input.reclaim()
        return .incomplete
    }

    /// False while the first bytes may still become a byte order mark.
    private mutating func passMark() -> Bool {
        guard position == .streamStart else { return true }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let start = input.unread.prefix(3)
        if start.elementsEqual(mark) { input.consume(3) } else if mark.starts(with: start) { return false }
        position = .lineStart
        return true
    }

    /// Passes the LF of a CRLF whose CR has ended a line already. False while it is not known.
    private mutating func passLineFeed() -> Bool {
        guard skipsLineFeed else { return true }
        guard !input.isEmpty else { return false }
        if input[0] == 0x0A { input.consume(1) }
        skipsLineFeed = false
        return true
    }
}
