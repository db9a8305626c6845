// text/event-stream to frames (WHATWG HTML, 9.2.6). Feed bytes, call `next()` until it needs more.
// A frame of one `data` line is searched once for its end and copied once. A frame over the limit is skipped without
// being held, and told once, at its end. Comments are told, because they prove that the stream lives, and never held.
// What follows the last blank line of a stream is no frame: an owner simply drops the decoder.

public struct SSEDecoder: Sendable {
    public enum Action: Sendable, Equatable {
        case needMore
        case frame(SSEFrame)
        case comment
        /// A frame of so many bytes (its lines without their ends) was skipped.
        case oversize(bytes: Int)
    }

    /// The last `id` of a frame that was not skipped; it stands until the next one, as in an EventSource.
    public private(set) var lastEventID: [UInt8]?
    /// The last `retry` in milliseconds.
    public private(set) var retryMilliseconds: Int?

    private var lines = SSELineReader()
    private var frame = SSEFrameBuilder()
    private let frameBytes: Int

    /// - Parameter frameBytes: the longest frame given, counted over its lines without their ends and without comments.
    public init(frameBytes: Int) {
        self.frameBytes = frameBytes
    }

    /// Bytes held: of the frame so far and not yet read.
    public var bufferedBytes: Int { lines.input.count + (frame.data?.count ?? 0) }

    public mutating func receive(_ bytes: Span<UInt8>) {
        lines.input.append(bytes)
    }

    public mutating func receive(_ bytes: [UInt8]) {
        lines.input.append(bytes)
    }

    public mutating func next() -> Action {
        while true {
            switch lines.next(roomLeft: frame.isOversize ? 0 : frameBytes - frame.size) {
            case .incomplete: return .needMore
            case .comment: return .comment
            case .blank: if let action = finishFrame() { return action }
            case .field(let line): accept(line)
            case .dropped(let byteCount): frame.skip(byteCount)
            }
        }
    }

    private mutating func accept(_ line: Range<Int>) {
        if frame.isOversize || line.count > frameBytes - frame.size { return frame.skip(line.count) }
        frame.accept(lines.input.bytes[line])
        if let retry = frame.retry { retryMilliseconds = retry }
    }

    private mutating func finishFrame() -> Action? {
        let finished = frame
        frame = SSEFrameBuilder()
        if finished.isOversize { return .oversize(bytes: finished.size) }
        if let id = finished.id { lastEventID = id }
        guard let data = finished.data else { return nil }
        return .frame(SSEFrame(id: finished.id, event: finished.event, data: data, retry: finished.retry))
    }
}
