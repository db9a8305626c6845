// Messages that are in the making, with their parts: what the frames to come refer to. Bounded by what is open and by the turn: when a turn
// is over, what is whole goes.

import RelayProtocol
import Wire

/// A message that frames may still change.
struct OpenCode2Open: Sendable {
    /// A part that was said.
    struct Part: Sendable {
        enum State: Sendable {
            /// A text or a reasoning that streams. `started`: ms since 1970.
            case streaming(started: Int?)
            case tool(OpenCode2Tool)
            case whole
        }
        var state: State
        var said: Fingerprint
        /// The step was tried again since: the same part may begin anew.
        var isOfEarlierTry = false
        /// It was found by a read, streaming, and nothing of it was heard: if its beginning comes yet, no word is missing.
        var isUnheard = false
    }

    var message: OpenCode2Message
    var said: Fingerprint?
    /// The snapshot at the step's start: a JSON string.
    var snapshot: [UInt8]?
    var parts: [String: Part] = [:]
    /// The newest ordinal of each kind, for frames that name none.
    var ordinals: [Character: Int] = [:]

    init(_ message: OpenCode2Message) { self.message = message }

    /// From the log.
    init?(held: FoldedMessage) {
        guard let message = OpenCode2Message(held.object) else { return nil }
        self.init(message)
        said = Fingerprint(held.object.raw)
        for part in held.parts {
            note(part.id, part.object)
            parts[part.id]?.isUnheard = part.object["incomplete"]?.bool == true && part.currentText.isEmpty
        }
    }

    /// A part as the log has it, or as a read gave it.
    mutating func note(_ id: String, _ object: JSONValue) {
        parts[id] = Part(state: Self.state(object), said: Fingerprint(object.raw))
        guard let last = id.split(separator: ".").last, let kind = last.first, let number = Int(last.dropFirst()) else { return }
        ordinals[kind] = max(ordinals[kind] ?? 0, number)
    }

    private static func state(_ object: JSONValue) -> Part.State {
        if object["type"]?.says("tool") == true { return OpenCode2Tool(object).map { .tool($0) } ?? .whole }
        return object["open"]?.bool == true ? .streaming(started: object["started"]?.int) : .whole
    }

    func tool(_ part: String) -> OpenCode2Tool? {
        guard case .tool(let tool)? = parts[part]?.state else { return nil }
        return tool
    }

    /// Nothing is open in it.
    var isWhole: Bool {
        let isClosed = message.role == .assistant && !message.isSummary ? message.completed != nil : true
        return isClosed
            && parts.values.allSatisfy { part in
                switch part.state {
                case .streaming: false
                case .tool(let tool): tool.isOver
                case .whole: true
                }
            }
    }
}

/// The messages in the making, and the places of those that were said.
struct OpenCode2Messages: Sendable {
    /// Places beyond are forgotten, the oldest first.
    static let placeLimit = 2000

    private(set) var open: [String: OpenCode2Open] = [:]
    /// In order (`created`, `id`).
    private(set) var places: [(created: Int, id: String)] = []
    private var known: Set<String> = []
    /// The newest assistant message that is no summary.
    private(set) var newestAnswer: String?

    subscript(id: String) -> OpenCode2Open? {
        get { open[id] }
        _modify { yield &open[id] }
    }

    func isKnown(_ id: String) -> Bool { known.contains(id) }

    mutating func add(_ message: OpenCode2Open) {
        open[message.message.id] = message
        place(message.message)
    }

    /// A message that was said and is whole.
    mutating func place(_ message: OpenCode2Message) {
        if message.role == .assistant, !message.isSummary {
            newestAnswer = newestAnswer.map { isAfter(message, $0) ? message.id : $0 } ?? message.id
        }
        guard known.insert(message.id).inserted else { return }
        let at = places.lastIndex { ($0.created, $0.id) < (message.created, message.id) }.map { $0 + 1 } ?? 0
        places.insert((message.created, message.id), at: at)
        if places.count > Self.placeLimit { known.remove(places.removeFirst().id) }
    }

    private func isAfter(_ message: OpenCode2Message, _ id: String) -> Bool {
        guard let place = places.last(where: { $0.id == id }) else { return true }
        return (place.created, place.id) < (message.created, message.id)
    }

    /// Ids of a message and all that stand after it; nil if it is not known.
    func tail(from id: String) -> [String]? {
        guard let at = places.firstIndex(where: { $0.id == id }) else { return nil }
        return places[at...].map(\.id)
    }

    mutating func remove(_ id: String) {
        open[id] = nil
        guard known.remove(id) != nil else { return }
        places.removeAll { $0.id == id }
        if newestAnswer == id { newestAnswer = nil }
    }

    /// The turn is over.
    mutating func removeWhole() { open = open.filter { !$0.value.isWhole } }
}
