// One event as it stands in the log and goes on the wire: `{"at":POSITION,"ts":MS,"event":PAYLOAD}` and LF. The writer makes each line
// once; every subscriber gets the same bytes. `at` stands first and has a fixed width, so a line's position is read without a parser.

import Wire

public struct EventLine: Sendable, Equatable {
    public var position: Position
    /// Reprise's clock at the commit, ms since 1970; never below the topic's previous one.
    public var timestamp: Int64
    public var event: Event

    public init(position: Position, timestamp: Int64, event: Event) {
        self.position = position
        self.timestamp = timestamp
        self.event = event
    }

    private static let opening = Array(#"{"at":""#.utf8)
    private static let afterPosition = Array(#"","ts":"#.utf8)
    private static let beforePayload = Array(#","event":"#.utf8)

    /// The bytes of a line around its payload, at most: the longest `ts`, a `by` of `Limits.byBytes` letters, `origin`, LF.
    public static let envelopeBytes = 7 + Position.textBytes + 7 + 20 + 9 + 8 + Limits.byBytes + 18 + 2

    /// Of a line without `by` and `origin`, at a time of this century.
    public static let usualEnvelopeBytes = 7 + Position.textBytes + 7 + 13 + 9 + 2

    /// What the lines of one epoch and one time have in common, made once for many.
    public struct Envelope: Sendable {
        fileprivate let beforeOffset: [UInt8]
        fileprivate let beforePayload: [UInt8]

        public init(epoch: Epoch, timestamp: Int64) {
            var start = EventLine.opening
            Position.append(epoch, to: &start)
            beforeOffset = start
            beforePayload = EventLine.afterPosition + Array(String(timestamp).utf8) + EventLine.beforePayload
        }
    }

    /// Appends the line of an event, LF included.
    public static func append(_ event: Event, at position: Position, timestamp: Int64, to bytes: inout [UInt8]) {
        append(event, at: position.offset, in: Envelope(epoch: position.epoch, timestamp: timestamp), to: &bytes)
    }

    /// The only maker of event lines.
    public static func append(_ event: Event, at offset: UInt64, in envelope: Envelope, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: envelope.beforeOffset)
        Position.append(offset: offset, to: &bytes)
        bytes.append(contentsOf: envelope.beforePayload)
        bytes.append(contentsOf: event.payload)
        if let by = event.by {
            bytes.append(contentsOf: #","by":"#.utf8)
            JSONText.append(by, to: &bytes)
        }
        if let origin = event.origin {
            bytes.append(contentsOf: #","origin":"#.utf8)
            JSONText.append(origin.rawValue, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        bytes.append(UInt8(ascii: "\n"))
    }

    /// The position of a line that `append` made; nil for any other line.
    public static func position(of line: Span<UInt8>) -> Position? {
        let end = opening.count + Position.textBytes
        guard line.count > end, line[end] == UInt8(ascii: "\"") else { return nil }
        for place in opening.indices where line[place] != opening[place] { return nil }
        return Position(line, at: opening.count)
    }

    public static func position(of line: ArraySlice<UInt8>) -> Position? { position(of: line.span) }
}
