// What a relay saw of a real server, to be played again: the frames of its event stream with their times.

import Wire

public struct Recording: Sendable {
    public struct Frame: Sendable {
        /// Since the recording began.
        public let milliseconds: Int64
        /// As it came, with its empty line; a heartbeat is one too.
        public let bytes: [UInt8]
    }

    public var frames: [Frame]

    /// Reads the lines `{"t", "on", "raw"}` of a recording; other lines and streams are passed over.
    /// - Parameter stream: which of the recorded streams.
    public init(ndjson: [UInt8], stream: String = "event") throws(JSONError) {
        frames = []
        for line in ndjson.split(separator: UInt8(ascii: "\n")) {
            let value = try JSON.parse(Array(line))
            guard value["on"]?.string == stream, let raw = value["raw"]?.string, value["torn"] == nil else { continue }
            frames.append(Frame(milliseconds: Int64(value["t"]?.int ?? 0), bytes: Array(raw.utf8)))
        }
    }

    /// The `type` of each event, in order; heartbeats and `server.connected` are none.
    public var types: [String] {
        frames.compactMap { frame in
            guard frame.bytes.starts(with: "data: ".utf8), let event = try? JSON.parse(Array(frame.bytes.dropFirst("data: ".utf8.count)))
            else { return nil }
            return event["type"]?.string.flatMap { $0 == "server.connected" ? nil : $0 }
        }
    }
}
