// The program's numbers by name: made when it starts, read when somebody asks. Making one takes a lock, counting does not.

import Synchronization

public final class Counters: Sendable {
    /// What a reader may expect of a number, in Prometheus' words.
    public enum Kind: String, Sendable {
        /// Only rises.
        case counter
        /// Rises and falls.
        case gauge
    }

    public struct Reading: Sendable {
        public let name: String
        public let kind: Kind
        public let help: String
        public let labels: [(name: String, value: String)]
        public let value: Int
    }

    private struct Entry: Sendable {
        let name: String
        let kind: Kind
        let help: String
        let labels: [(name: String, value: String)]
        let read: @Sendable () -> Int
    }

    // reads: lock; writes: lock
    private let entries = Mutex<[Entry]>([])

    public init() {}

    /// A number that only rises. Names are the program's own, in Prometheus' alphabet, and end in their unit.
    public func counter(_ name: String, help: String, labels: [(name: String, value: String)] = []) -> Counter {
        make(name, .counter, help, labels)
    }

    /// A number that rises and falls.
    public func gauge(_ name: String, help: String, labels: [(name: String, value: String)] = []) -> Counter {
        make(name, .gauge, help, labels)
    }

    /// A number that somebody else keeps; asked on the thread that reads.
    public func gauge(_ name: String, help: String, labels: [(name: String, value: String)] = [], read: @escaping @Sendable () -> Int) {
        entries.withLock { $0.append(Entry(name: name, kind: .gauge, help: help, labels: labels, read: read)) }
    }

    /// All numbers as they stand, those of one name beside each other.
    public func readings() -> [Reading] {
        let entries = entries.withLock { $0 }
        let order = Dictionary(entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        return entries.enumerated().sorted {
            (order[$0.element.name, default: 0], $0.offset) < (order[$1.element.name, default: 0], $1.offset)
        }
        .map { Reading(name: $1.name, kind: $1.kind, help: $1.help, labels: $1.labels, value: $1.read()) }
    }

    private func make(_ name: String, _ kind: Kind, _ help: String, _ labels: [(name: String, value: String)]) -> Counter {
        let counter = Counter()
        entries.withLock { $0.append(Entry(name: name, kind: kind, help: help, labels: labels, read: { counter.value })) }
        return counter
    }
}
