// Before an event is logged: large strings go out to blobs, what is still too large is told as a notice. Ordinary events pass untouched
// and unread.

import EventLog
import RelayProtocol
import Wire

struct EventBounds {
    /// What to log for one event.
    struct Result {
        var events: [Event]
        var blobs: [Blob] = []
        /// Of an object that is told by a notice instead: its word and its id. Nil for what has neither.
        var oversize: String?
    }

    let topic: TopicName
    private var blobs: [Blob] = []
    private var isOversize = false

    private init(topic: TopicName) { self.topic = topic }

    /// Nothing of it has to be looked at.
    static func fits(_ event: Event) -> Bool { event.payload.count <= (event.kind == .delta ? Limits.deltaBytes : Limits.stringBytes) }

    static func bounded(_ event: Event, in topic: TopicName) -> Result {
        guard !fits(event) else { return Result(events: [event]) }
        var bounds = EventBounds(topic: topic)
        var result = Result(events: bounds.bounded(event), blobs: bounds.blobs)
        guard bounds.isOversize else { return result }
        result.blobs = []
        // Each frame that nobody has a word for is a thing of its own.
        if event.kind != .upstream { result.oversize = [event.kind.rawValue, event.id ?? ""].joined(separator: " ") }
        return result
    }

    private mutating func bounded(_ event: Event) -> [Event] {
        guard let value = try? JSON.parse(event.payload, depth: Limits.lineDepth) else { return [oversize(event)] }
        if event.kind == .delta { return pieces(event, value) }
        var writer = JSONWriter(capacity: event.payload.count)
        let part = value["part"]
        let isSpoken = part?["type"]?.says("text") == true || part?["type"]?.says("reasoning") == true
        copy(value, to: &writer, limit: Limits.stringBytes, textLimit: isSpoken ? Limits.textBytes : Limits.stringBytes)
        var smaller = event
        smaller.payload = writer.bytes
        return smaller.payload.count > Limits.eventBytes ? [oversize(event)] : [smaller]
    }

    private mutating func copy(_ value: JSONValue, to writer: inout JSONWriter, limit: Int, textLimit: Int) {
        switch value.kind {
        case .object:
            writer.object { inner in
                for (key, member) in value.members {
                    inner.key(named: key)
                    copy(member, to: &inner, limit: key == "text" ? textLimit : limit, textLimit: textLimit)
                }
            }
        case .array:
            writer.array { inner in
                for item in value.items { copy(item, to: &inner, limit: limit, textLimit: textLimit) }
            }
        default:
            let large = value.raw.count > limit ? value.string : nil
            writer.raw(large.map { blob($0)[...] } ?? value.raw)
        }
    }

    /// A string as a blob of its decoded UTF-8 text, in which U+FFFD stands for a lone surrogate; `{"$blob":…}` stands in its place.
    private mutating func blob(_ string: String) -> [UInt8] {
        let text = Array(string.utf8)
        let hash = "sha256-" + Hex.encode(SHA256.hash(text))
        if !blobs.contains(where: { $0.hash == hash }) { blobs.append(Blob(topic: topic, hash: hash, mime: nil, bytes: text)) }
        return JSONWriter.object { writer in
            writer.member("$blob", hash)
            writer.member("bytes", text.count)
        }
    }

    private mutating func oversize(_ event: Event) -> Event {
        isOversize = true
        let about = event.id.map { " \($0)" } ?? ""
        return .notice(kind: "oversize", text: "\(event.kind.rawValue)\(about): an event of \(event.payload.count) bytes was not kept")
    }

    private mutating func pieces(_ event: Event, _ value: JSONValue) -> [Event] {
        guard let part = value["part"]?.string, let text = value["text"]?.rawText else { return [oversize(event)] }
        var rest = text
        var events: [Event] = []
        while !rest.isEmpty {
            let piece = rest.prefix(Self.cut(rest))
            var next = Event.delta(part: part, text: piece, field: value["field"]?.string)
            (next.by, next.origin) = (event.by, event.origin)
            events.append(next)
            rest = rest[piece.endIndex...]
        }
        return events
    }

    /// Where a string's inner bytes may be cut: not inside an escape, not inside a UTF-8 sequence.
    private static func cut(_ text: ArraySlice<UInt8>) -> Int {
        guard text.count > Limits.deltaBytes else { return text.count }
        var at = text.startIndex
        var last = at
        while at - text.startIndex <= Limits.deltaBytes {
            last = at
            switch text[at] {
            case UInt8(ascii: "\\"): at += text[at + 1] == UInt8(ascii: "u") ? 6 : 2
            case 0xF0...: at += 4
            case 0xE0...: at += 3
            case 0xC0...: at += 2
            default: at += 1
            }
        }
        return last - text.startIndex
    }
}
