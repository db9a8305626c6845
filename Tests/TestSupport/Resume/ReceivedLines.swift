// What one subscriber wrote down of a topic, across all its connections. Whoever hears the lines is another matter: a reader over plain
// sockets, the Swift client, the JavaScript client.

import Reactor
import RelayProtocol
import Synchronization
import Wire

public final class ReceivedLines: Sendable {
    public struct Contents: Sendable {
        /// Event lines with their LF.
        public var lines: [String] = []
        public var position: String?
        /// How each connection began: `exact`, or another with its reason.
        public var starts: [String] = []
        /// When to come back, as each `drain` said it (ms).
        public var drains: [Int] = []
        /// What a server must not do.
        public var faults: [String] = []
        var goal: String?
        var goalCount: Int?
    }

    private let done = BlockingQueue<Bool>()
    // reads: lock; writes: lock
    private let contents = Mutex(Contents())

    public init() {}

    public var result: Contents { contents.withLock { $0 } }
    public var position: String? { contents.withLock { $0.position } }
    public var isDone: Bool { contents.withLock { Self.isDone($0) } }

    private static func isDone(_ contents: Contents) -> Bool {
        contents.goal.map { (contents.position ?? "") >= $0 } == true || contents.goalCount.map { contents.lines.count >= $0 } == true
    }

    /// It is done when this position is reached; it may have been.
    public func finish(at goal: String) { finish { $0.goal = goal } }

    /// It is done when it has so many events.
    public func finish(after count: Int) { finish { $0.goalCount = count } }

    private func finish(_ set: (inout Contents) -> Void) {
        let isDone = contents.withLock { contents in
            set(&contents)
            return Self.isDone(contents)
        }
        if isDone { done.close() }
    }

    /// Whether it came to its end in time.
    public func waitUntilDone() -> Bool { done.takeAll(within: RunningProgram.patience) == nil }

    public func fault(_ what: String) { contents.withLock { $0.faults.append(what) } }

    /// A whole line, with its LF. True for an event.
    /// - Parameter id: what server-sent events say beside it.
    @discardableResult
    public func write(_ text: String, id: String? = nil) -> Bool {
        guard text.hasPrefix(#"{"at":""#) else {
            control(text)
            return false
        }
        let position = String(text.dropFirst(7).prefix(Position.textBytes))
        let isDone = contents.withLock { contents in
            if let last = contents.position, position <= last { contents.faults.append("\(position) after \(last)") }
            if let id, id != position { contents.faults.append("id \(id) of \(position)") }
            contents.lines.append(text)
            contents.position = position
            return Self.isDone(contents)
        }
        if isDone { done.close() }
        return true
    }

    private func control(_ text: String) {
        guard let line = try? JSON.parse(Array(text.utf8), depth: Limits.lineDepth), let type = line["type"]?.string else {
            return fault("no line: \(text.prefix(200))")
        }
        switch type {
        case "hello":
            let start = [line["start"]?.string, line["reason"]?.string].compactMap(\.self).joined(separator: " ")
            contents.withLock { $0.starts.append(start) }
        case "drain": contents.withLock { $0.drains.append(line["retry_ms"]?.int ?? -1) }
        case "heartbeat", "end": break
        default: fault("a line of type \(type)")
        }
    }
}
