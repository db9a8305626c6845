// Lines read back: by clients, by rebuilds, by whoever folds a log. A reader takes fields in any order and ignores those that it does not
// know.

import Wire

/// Why a line is not an event line.
public enum LineError: Error, Sendable, Equatable {
    case notJSON(JSONError)
    /// It has no `at`: a control line.
    case notAnEvent
    /// `at`, `ts` or `event` is missing or not what it should be.
    case illegal(Field)

    public enum Field: String, Sendable { case at, ts, event }
}

extension EventLine {
    /// Reads a line, with or without its LF. On a plain topic (`isPlain`) the payload is any JSON value and the kind is `.plain`.
    public static func parse(_ line: [UInt8], isPlain: Bool = false) throws(LineError) -> EventLine {
        let value: JSONValue
        do { value = try JSON.parse(line, depth: Limits.lineDepth) } catch { throw .notJSON(error) }
        return try EventLine(value, isPlain: isPlain)
    }

    /// The same of a line that was scanned already.
    public init(_ line: JSONValue, isPlain: Bool = false) throws(LineError) {
        guard let at = line["at"] else { throw .notAnEvent }
        guard let text = at.rawText, let position = Position(text) else { throw .illegal(.at) }
        guard let timestamp = line["ts"]?.int else { throw .illegal(.ts) }
        guard let payload = line.member("event") else { throw .illegal(.event) }
        let by = line["by"]?.string
        let origin = line["origin"]?.string.flatMap(EventOrigin.init(rawValue:))
        guard
            let event = isPlain
                ? Event(.plain, payload: Array(payload.raw), by: by, origin: origin) : Event(payload: payload, by: by, origin: origin)
        else { throw .illegal(.event) }
        self.init(position: position, timestamp: Int64(timestamp), event: event)
    }
}
