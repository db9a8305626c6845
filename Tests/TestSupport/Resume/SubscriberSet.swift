// Everybody who reads a server's topics through ways that break: of each topic a reader over each transport, the Swift client, the JavaScript
// client; of each kind of client one way. In the end each must have what the log has, byte for byte, and each of its connections must have
// begun `exact`.

import RelayProtocol

public final class SubscriberSet {
    /// A kind of client, and what breaks between it and the server.
    public struct Way {
        public let name: String
        public let proxy: CuttingProxy
    }

    /// Those of one kind.
    public struct Outcome: Sendable {
        public var cuts = 0
        /// Connections but each subscriber's first.
        public var resumes = 0
        public var events = 0
        public var drains: [Int] = []
    }

    private static let swift = "swift client"
    private static let javaScript = "javascript client"

    public let ways: [Way]
    private let relay: RelayProcess
    private var subscribers: [(way: String, topic: String, received: ReceivedLines)] = []
    private var kept: [AnyObject] = []
    private var seed: Seed

    /// Ways break after as few bytes as the head of an answer has, and after as many as let a whole message of a replay (64 KiB) through,
    /// or after a time.
    public init(
        _ relay: RelayProcess, seed: inout Seed, bytes: ClosedRange<Int> = 100...300_000, milliseconds: ClosedRange<Int>? = 5...20_000
    ) throws {
        self.relay = relay
        self.seed = seed.fork()
        let names = ReadTransport.allCases.map(\.rawValue) + [Self.swift] + (NodeProgram.path == nil ? [] : [Self.javaScript])
        ways = try names.map {
            Way(name: $0, proxy: try CuttingProxy(to: relay.port, seed: seed.fork(), bytes: bytes, milliseconds: milliseconds))
        }
    }

    /// One of each kind begins to follow the topic, from its first event.
    public func follow(_ topic: String) throws {
        let path = topic.hasPrefix("ses_") ? "/v1/sessions/\(topic)" : "/v1/topics/\(topic)"
        for way in ways {
            let url = "http://127.0.0.1:\(way.proxy.port)"
            switch way.name {
            case Self.swift:
                let follower = try SwiftFollower(url: url, token: relay.token, topic: topic)
                add(way, topic, follower.received, follower)
            case Self.javaScript:
                let follower = try NodeFollower(url: url, token: relay.token, topic: topic, environment: relay.folder.environment)
                if let follower { add(way, topic, follower.received, follower) }
            default:
                guard let transport = ReadTransport(rawValue: way.name) else { continue }
                let reader = ResumingReader(transport, port: way.proxy.port, path: path, token: relay.token, seed: seed.fork())
                add(way, topic, reader.received, reader)
            }
        }
    }

    private func add(_ way: Way, _ topic: String, _ received: ReceivedLines, _ owner: AnyObject) {
        subscribers.append((way.name, topic, received))
        kept.append(owner)
    }

    /// What is wrong with what was heard, by topic and by what the log has of it. Waits until everybody is at the log's end.
    public func faults(against logs: [String: [String]]) -> [String] {
        for subscriber in subscribers {
            guard let last = logs[subscriber.topic]?.last else { continue }
            subscriber.received.finish(at: String(last.dropFirst(7).prefix(Position.textBytes)))
        }
        return subscribers.flatMap { subscriber in
            let log = logs[subscriber.topic] ?? []
            let isThere = log.isEmpty || subscriber.received.waitUntilDone()
            let heard = subscriber.received.result
            var faults = heard.faults
            if !isThere { faults.append("did not come to its end, it is at \(heard.position ?? "nothing")") }
            if let difference = Self.difference(heard.lines, log) { faults.append(difference) }
            faults += heard.starts.filter { $0 != "exact" }.map { "began \($0)" }
            return faults.map { "\(subscriber.way) of \(subscriber.topic): \($0)" }
        }
    }

    /// By kind of client.
    public var outcomes: [String: Outcome] {
        var all: [String: Outcome] = [:]
        for way in ways { all[way.name] = Outcome(cuts: way.proxy.cuts) }
        for subscriber in subscribers {
            let heard = subscriber.received.result
            all[subscriber.way]?.resumes += max(0, heard.starts.count - 1)
            all[subscriber.way]?.events += heard.lines.count
            all[subscriber.way]?.drains += heard.drains
        }
        return all
    }

    public var fewestCuts: Int { ways.map(\.proxy.cuts).min() ?? 0 }

    /// Where two lists of lines part.
    public static func difference(_ heard: [String], _ log: [String]) -> String? {
        if heard == log { return nil }
        let place = zip(heard, log).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(heard.count, log.count)
        func line(_ lines: [String]) -> String { place < lines.count ? String(lines[place].prefix(200)) : "the end\n" }
        return "line \(place) of \(heard.count) and \(log.count): heard \(line(heard))    logged \(line(log))"
    }
}
