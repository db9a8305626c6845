// How a line goes on the wire to a subscriber that stays: as a WebSocket message or as an event of an event stream. A frame follows from its
// line alone, so a frame that a reader has half of can be made again from the log.

import RelayProtocol
import Wire

public enum LineEncoding: UInt8, Sendable, Hashable, CaseIterable {
    case webSocket, sse

    /// The length of the frame of an event line of so many bytes, its LF included.
    func frameBytes(ofLine lineBytes: Int) -> Int {
        switch self {
        case .webSocket: WebSocketEncoder.headerBytes(for: lineBytes) + lineBytes
        case .sse: lineBytes + Self.sseOverhead
        }
    }

    /// Appends the frame of one line, LF included. `id` is what an event stream's reader keeps: nil for a control line without a position.
    func append(line: Span<UInt8>, id: Position?, to output: inout [UInt8]) {
        switch self {
        case .webSocket:
            WebSocketEncoder.appendTextHeader(payloadBytes: line.count, to: &output)
            output.append(copying: line)
        case .sse:
            if let id {
                output.append(contentsOf: Self.idField)
                id.append(to: &output)
                output.append(Self.lineFeed)
            }
            output.append(contentsOf: Self.dataField)
            output.append(copying: line)
            output.append(Self.lineFeed)
        }
    }

    private static let idField = Array("id: ".utf8)
    private static let dataField = Array("data: ".utf8)
    private static let lineFeed = UInt8(ascii: "\n")
    /// Both fields, the position, the LF behind it and the one behind the line's own.
    private static let sseOverhead = 4 + Position.textBytes + 1 + 6 + 1
}
