// The load generator at a pace: an event leaves when it is due, as long as any publisher is free, and whatever it waits counts.

import Reactor
import TestSupport
import Testing
import Wire

@testable import reprise_bench

@Suite(.ownThread) struct PaceTests {
    @Test func `a delivery takes from the moment that its event was due`() {
        let clock = LatencyClock(firstEvent: 7)
        let begin = Instant.current
        for number in 0..<2 { clock.sends(dueAt: begin + .milliseconds(5 * number)) }
        clock.heard(7, at: begin + .milliseconds(40))
        clock.heard(8, at: begin + .milliseconds(65))
        clock.heard(6, at: begin + .milliseconds(999))
        let latencies = clock.latencies(late: .milliseconds(30))
        #expect([latencies.p50Milliseconds, latencies.p99Milliseconds, latencies.latestMilliseconds] == [60, 60, 30])
    }

    @Test(.timeLimit(.minutes(1))) func `an answer that does not come holds up nobody while another publisher is free`() throws {
        let arrived = BlockingQueue<Void>()
        let thread = EventLoop.spawn(name: "pace") { loop in
            guard let address = SocketAddress(host: "127.0.0.1", port: 0) else { return loop.stop() }
            // The first one that comes is never answered.
            var isFirst = true
            var left = 40
            var fleet: SubscriberFleet?
            let listener = try? Listener(loop: loop, address: address) { descriptor in
                Connection(loop: loop, descriptor: descriptor).handler = Answering(isDeaf: isFirst) {
                    left -= 1
                    // It would wait for subscribers, which are none.
                    if left == 0 { fleet?.close() }
                    arrived.post(always: ())
                }
                isFirst = false
            }
            guard let listener else { return loop.stop() }
            let target = LoadTarget(port: listener.boundAddress.port, token: nil, saysHello: false)
            let subscribers = SubscriberFleet(loop: loop, target: target, count: 0) { _ in }
            fleet = subscribers
            let publication = Publication(events: 1...40, eventBytes: 20, pace: .paced(perSecond: 1000))
            PublishJob(loop, target, publication, subscribers) { _ in }.start()
        }
        defer {
            thread.stop()
            thread.join()
        }
        var count = 0
        while count < 40 {
            let more = arrived.takeAll(within: TestSocket.limit)?.count ?? 0
            try #require(more > 0, "\(count) of 40 events left")
            count += more
        }
    }

    private final class Answering: ConnectionHandler {
        private let isDeaf: Bool
        private let arrived: () -> Void
        private var requests = HTTPRequestDecoder()

        init(isDeaf: Bool, _ arrived: @escaping () -> Void) { (self.isDeaf, self.arrived) = (isDeaf, arrived) }

        func connection(_ connection: Connection, received bytes: Span<UInt8>) {
            requests.receive(bytes)
            while true {
                switch requests.next() {
                case .head, .body: break
                case .end:
                    arrived()
                    if !isDeaf { connection.write(Array("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".utf8)) }
                case .needMore, .refuse: return
                }
            }
        }

        func connectionDidEnd(_ connection: Connection) { connection.close() }
        func connectionDidClose(_ connection: Connection, error: SystemError?) {}
    }
}
