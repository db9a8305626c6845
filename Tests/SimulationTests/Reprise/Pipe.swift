// A connection's bytes from the server to a client: a bounded buffer between two ends that know nothing of each other but what came through.

import Broker
import RelayProtocol
import Wire

final class Pipe: Outlet, ByteSink {
    let encoding: LineEncoding
    private let capacity: Int
    private let takesPart: () -> Bool
    private(set) var bytes: [UInt8] = []
    /// The server's end.
    var subscriber: Subscriber?
    /// Heartbeats at which it owed, since it has taken a byte.
    var stalledBeats = 0
    private(set) var isOpened = false
    private(set) var refusal: Problem?
    private(set) var isFinished = false
    private(set) var isCut = false
    /// The server still believes in it.
    var isServed = true
    /// What a server knows only later: the client is gone.
    var isAbandoned = false

    init(_ encoding: LineEncoding, capacity: Int, takesPart: @escaping () -> Bool) {
        (self.encoding, self.capacity, self.takesPart) = (encoding, capacity, takesPart)
    }

    var hasRoom: Bool { bytes.count < capacity }
    var isOver: Bool { isCut || isFinished || refusal != nil }

    /// The kernel takes what there is room for, and at times less.
    func offer(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Int? {
        guard !isCut else { return nil }
        var taken = min(capacity - bytes.count, first.count + second.count)
        if taken > 1, takesPart() { taken = taken / 2 }
        if taken > 0 { stalledBeats = 0 }
        let part = min(taken, first.count)
        bytes.append(copying: first.extracting(0..<part))
        bytes.append(copying: second.extracting(0..<taken - part))
        return taken
    }

    func subscriberStarts() { isOpened = true }

    func subscriberFails(_ problem: Problem) {
        if isOpened { isCut = true } else { refusal = problem }
    }

    func subscriberFinishes() { isFinished = true }

    func cut() { isCut = true }

    /// The client's end reads.
    func read(_ count: Int) -> ArraySlice<UInt8> {
        defer { bytes.removeFirst(min(count, bytes.count)) }
        return bytes.prefix(count)
    }
}
