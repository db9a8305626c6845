// A subscription as a pure machine. The rule that keeps it right: the position of the last event that was handed over is the only thing
// that a reconnect needs; it moves only with an event, a snapshot or a gap.

import RelayProtocol
import Wire

struct SubscriberMachine {
    enum Action {
        /// Open a connection with this `after` (nil: none).
        case connect(after: String?)
        case disconnect(code: UInt16)
        case deliver(SubscriptionItem)
        /// Call `timeIsUp` after this; replaces an earlier one.
        case setTimer(Duration)
        case cancelTimer
        /// Over: nothing more will come.
        case finish(RepriseError?)
    }

    private enum State { case idle, connecting, live, waiting, over }

    /// Without a byte for this many heartbeats a connection is dead.
    private static let deadAfterHeartbeats = 2.2
    private static let connectTimeout = Duration.seconds(15)

    private(set) var position: String?
    private var state = State.idle
    private var heartbeat = Duration.seconds(25)
    private var retryAfter: Duration?
    private var attempt = 0
    /// A number in 0 ..< 1 for each draw.
    private var random: any RandomNumberGenerator
    private let backoffBase: Duration
    private let backoffCap: Duration

    init(after: String?, random: any RandomNumberGenerator, backoffBase: Duration = .seconds(1), backoffCap: Duration = .seconds(30)) {
        position = after
        self.random = random
        self.backoffBase = backoffBase
        self.backoffCap = backoffCap
    }

    mutating func start() -> [Action] { connect() }

    private mutating func connect() -> [Action] {
        state = .connecting
        return [.connect(after: position), .setTimer(Self.connectTimeout)]
    }

    /// The handshake was answered otherwise. What trying again cannot mend ends the subscription.
    mutating func refused(status: Int, body: [UInt8], retryAfter: Duration?) -> [Action] {
        guard state != .over else { return [] }
        if (400..<500).contains(status), !RepriseError.isPassing(status: status) {
            state = .over
            return [.cancelTimer, .finish(.from(status: status, body: body))]
        }
        // All are told the same: what they add to it keeps them from coming together.
        self.retryAfter = retryAfter.map { $0 + backoff() }
        return lost("refused with \(status)")
    }

    /// A message: one line or many.
    mutating func received(_ message: [UInt8]) -> [Action] {
        guard state == .connecting || state == .live else { return [] }
        var actions: [Action] = []
        var rest = message[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = Array(rest[...end])
            rest = rest[(end + 1)...]
            if let action = handle(line) { actions.append(action) }
        }
        // By the heartbeat that these lines may have told; first, because whoever is handed a line may stop listening.
        return listens() + actions
    }

    private mutating func handle(_ line: [UInt8]) -> Action? {
        guard let value = try? JSON.parse(line, depth: Limits.lineDepth) else { return nil }
        if let at = value["at"] {
            guard value.member("event") != nil else { return nil }
            return goOn(from: at).map { .deliver(.event(SubscribedEvent(position: $0, line: line))) }
        }
        switch value["type"]?.string {
        case "hello":
            state = .live
            attempt = 0
            if let time = value["heartbeat_ms"]?.int { heartbeat = Self.within(time, 100) }
            // Who said nothing stands at the head of now: what comes until the first event may be missed otherwise.
            if position == nil, value["start"]?.string == "exact" { _ = goOn(from: value["head"]) }
        case "heartbeat": return nil
        case "drain": retryAfter = value["retry_ms"]?.int.map { Self.within($0, 0) }
        case "snapshot": _ = goOn(from: value["position"])
        // What was held is void, and a snapshot follows where it names no end: cut off before it, there is nothing to go on from.
        case "gap": if value["to"] == nil { position = nil } else { _ = goOn(from: value["to"]) }
        default: break
        }
        return .deliver(.control(type: value["type"]?.string ?? "", line: line))
    }

    /// Nil, and nothing moves, where it is no position: what would be presented after a cut must be one.
    private mutating func goOn(from text: JSONValue?) -> String? {
        guard let next = text?.rawText.flatMap(PositionText.of) else { return nil }
        position = next
        return next
    }

    /// A time that the server says, as one that can be waited for: at most an hour.
    private static func within(_ milliseconds: Int, _ least: Int) -> Duration { .milliseconds(min(max(milliseconds, least), 3_600_000)) }

    /// Bytes have come, be they of a message that takes long; or a time is over in which nothing was read.
    func listens() -> [Action] {
        state == .live || state == .connecting ? [.setTimer(heartbeat * Self.deadAfterHeartbeats)] : []
    }

    mutating func lost(_ reason: String) -> [Action] {
        guard state != .over, state != .waiting else { return [] }
        state = .waiting
        let wait = retryAfter ?? backoff()
        retryAfter = nil
        return [.deliver(.disconnected(reason: reason)), .setTimer(wait)]
    }

    mutating func timeIsUp() -> [Action] {
        switch state {
        case .waiting: return connect()
        case .connecting, .live: return [.disconnect(code: 1000)] + lost("silent")
        case .idle, .over: return []
        }
    }

    mutating func close() -> [Action] {
        guard state != .over else { return [] }
        state = .over
        return [.cancelTimer, .disconnect(code: 1000), .finish(nil)]
    }

    /// Exponential with full jitter: a random time below a bound that doubles.
    private mutating func backoff() -> Duration {
        let bound = min(backoffCap, backoffBase * (1 << min(attempt, 16)))
        attempt += 1
        return bound * (Double(random.next() >> 11) / Double(1 << 53))
    }
}

extension RepriseError {
    static func from(status: Int, body: [UInt8]) -> RepriseError {
        let value = try? JSON.parse(body)
        return .problem(
            status: status, code: value?["code"]?.string ?? "unknown",
            detail: value?["detail"]?.string ?? value?["title"]?.string ?? "HTTP \(status)")
    }
}
