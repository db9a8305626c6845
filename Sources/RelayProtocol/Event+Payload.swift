// From logged bytes back to an event: the word and the id stand inside the payload, at a place that follows from the word.

import Wire

extension Event {
    /// An event of a session's topic, `lobby` or `opencode`, as its payload says it. A type that this version does not know becomes
    /// `.upstream` (with its payload as it is): it folds to nothing. Nil for what is no object with a `type`.
    public init?(payload: JSONValue, by: String? = nil, origin: EventOrigin? = nil) {
        guard let type = payload["type"]?.string else { return nil }
        let kind = EventKind(word: type)
        self.init(kind, id: Self.id(of: kind, in: payload), payload: Array(payload.raw), by: by, origin: origin)
    }

    /// An event of a session's topic from bytes; nil for what is not JSON or has no `type`.
    public init?(sessionPayload bytes: [UInt8], by: String? = nil, origin: EventOrigin? = nil) {
        guard let value = try? JSON.parse(bytes, depth: Limits.lineDepth) else { return nil }
        self.init(payload: value, by: by, origin: origin)
    }

    private static func id(of kind: EventKind, in payload: JSONValue) -> String? {
        switch kind {
        case .session: payload["session"]?["id"]?.string
        case .message: payload["message"]?["id"]?.string
        case .part: payload["part"]?["id"]?.string
        case .delta: payload["part"]?.string
        case .permission: payload["permission"]?["id"]?.string
        case .question: payload["question"]?["id"]?.string
        case .entry: payload["entry"]?["id"]?.string
        case .messageRemoved, .partRemoved, .permissionClosed, .questionClosed, .entryRemoved: payload["id"]?.string
        case .turn: payload["turn"]?.int.map { String($0) }
        case .outage: payload["from"]?.int.map { String($0) }
        case .sessionRemoved, .status, .tasks, .queue, .error, .notice, .upstream, .plain: nil
        }
    }
}

extension EventKind {
    /// The word of a payload's `type`; `.upstream` for one that is not known (`plain` is no word).
    public init(word: String) {
        let known = EventKind(rawValue: word) ?? .upstream
        self = known == .plain ? .upstream : known
    }
}
