// What one subscriber was told over all its connections, checked line by line: every event is durable at that moment, is the log's own bytes,
// and follows on the one before it, or a line said why not.

import RelayProtocol
import Wire

@testable import RepriseClient

struct SubscriberCheck {
    private enum Expected {
        case anything
        /// What follows on the origin: the first event of whatever life of the topic.
        case first
        case after(History.Place)
        case next(History.Place)
    }

    let topic: TopicName
    private var expected = Expected.anything
    private var hasBegun = false
    /// What its last connection presented.
    private var after: String?
    private(set) var events = 0
    private(set) var last: Position?

    init(topic: TopicName, after: String?, history: History) {
        self.topic = topic
        guard let position = after.flatMap({ Position($0) }) else { return }
        stand(on: position, history)
    }

    mutating func connects(after: String?) { self.after = after }

    private mutating func stand(on position: Position, _ history: History) {
        last = position
        guard position != .origin else { return begin(.first) }
        if let place = history.place(topic, position) { begin(.after(place)) }
    }

    private mutating func begin(_ expected: Expected) {
        (self.expected, hasBegun) = (expected, true)
    }

    /// What is wrong with it.
    mutating func take(_ item: SubscriptionItem, _ history: History) -> String? {
        switch item {
        case .event(let event): return take(event, history)
        case .control(let type, let line):
            guard let value = try? JSON.parse(line, depth: 1024) else { return "P3: a control line is not JSON" }
            return control(type, value, history)
        case .disconnected: return nil
        }
    }

    private mutating func take(_ event: SubscribedEvent, _ history: History) -> String? {
        guard let position = Position(event.position), let place = history.place(topic, position) else {
            return "P1: \(event.position) of \(topic) is not durable"
        }
        guard history.bytes(at: place) == event.line else { return "P2: the line of \(event.position) is not the log's" }
        defer {
            expected = .after(place)
            (last, hasBegun) = (position, true)
            events += 1
        }
        switch expected {
        case .anything: return "P2: \(event.position) of \(topic) came before anything said where it begins"
        case .first where place.index == 0: return nil
        case .next(place): return nil
        case .after(let before) where before.topic == place.topic && before.index + 1 == place.index: return nil
        default: return "P2: \(event.position) of \(topic) does not follow on \(last?.description ?? "the origin")"
        }
    }

    private mutating func control(_ type: String, _ value: JSONValue, _ history: History) -> String? {
        switch type {
        case "hello": return hello(value, history)
        case "gap": return value["to"] == nil ? fall() : stand(value["to"], history)
        case "snapshot": return stand(value["position"], history)
        default: return nil
        }
    }

    /// A gap before a snapshot: it stands nowhere until that has come.
    private mutating func fall() -> String? {
        (expected, hasBegun, last) = (.anything, false, nil)
        return nil
    }

    private mutating func stand(_ text: JSONValue?, _ history: History) -> String? {
        guard let position = text?.string.flatMap({ Position($0) }) else { return "P3: a line names no position" }
        guard position == .origin || history.place(topic, position) != nil else {
            return "P1: \(position) of \(topic), where it goes on, is not durable"
        }
        stand(on: position, history)
        return nil
    }

    /// Who has no position yet is told by `hello` alone where it begins.
    private mutating func hello(_ value: JSONValue, _ history: History) -> String? {
        guard let start = value["start"]?.string else { return "P3: hello says no start" }
        guard start == "exact" else { return nil }
        if after == "earliest" { return beginEarliest(value, history) }
        if hasBegun { return nil }
        // What was past the end when it was made up may have come to be since.
        guard let given = after.flatMap({ Position($0) }) else { return stand(value["head"], history) }
        stand(on: given, history)
        return nil
    }

    private mutating func beginEarliest(_ value: JSONValue, _ history: History) -> String? {
        guard let first = value["first"]?.string.flatMap({ Position($0) }), first != .origin else { return stand(value["head"], history) }
        guard let place = history.place(topic, first) else { return "P1: the first event \(first) is not durable" }
        begin(place.index == 0 ? .first : .next(place))
        return nil
    }
}
