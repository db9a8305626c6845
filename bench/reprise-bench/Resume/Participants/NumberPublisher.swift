// Somebody who publishes numbered events to a plain topic, batch by batch, each sent again under its key until it is answered.

import Foundation
import Reactor
import RepriseClient
import Synchronization
import TestSupport
import Wire

final class NumberPublisher: Sendable {
    struct Batch: Sendable {
        let events: [String]
        /// What the answer said.
        let first: String
        let last: String
    }

    struct Record: Sendable {
        var acknowledged: [Batch] = []
        var refusals = 0
        var faults: [String] = []
        var isStopping = false
    }

    static let topic = "numbers"

    private let client: RepriseClient
    private let way: CuttingProxy
    private let thread = OwnThread()
    private let done = BlockingQueue<Bool>()
    // reads: lock; writes: lock
    private let record = Mutex(Record())

    init(_ relay: RelayProcess, seed: inout Seed) throws {
        way = try CampaignClients.lossyProxy(relay, &seed)
        client = try CampaignClients.client(url: "http://127.0.0.1:\(way.port)", token: relay.token)
        Thread.detachNewThread { [self, fork = seed.fork()] in
            var seed = fork
            var number = 0
            while !record.withLock({ $0.isStopping }) {
                number += 1
                publish(number, Self.batch(number, &seed))
                usleep(UInt32(seed.magnitude(in: 2000...200_000)))
            }
            client.close()
            done.close()
        }
    }

    func stop() { record.withLock { $0.isStopping = true } }

    func finish() -> Record {
        if done.takeAll(within: .seconds(120)) != nil { record.withLock { $0.faults.append("the publisher did not come to its end") } }
        return record.withLock { $0 }
    }

    /// Events of a few bytes to a few thousand.
    private static func batch(_ batch: Int, _ seed: inout Seed) -> [String] {
        (0..<Int.random(in: 1...10, using: &seed)).map { number in
            let text = String(repeating: "x", count: seed.magnitude(in: 1...4000))
            return #"{"batch":\#(batch),"number":\#(number),"text":"\#(text)"}"#
        }
    }

    private func publish(_ number: Int, _ events: [String]) {
        let lines = Array(events.map { $0 + "\n" }.joined().utf8)
        let end = ContinuousClock.now + .seconds(100)
        while ContinuousClock.now < end {
            do {
                let answer = try thread.start { [client] in
                    try await client.publish(topic: Self.topic, lines: lines, key: "batch-\(number)")
                }.wait()
                let value = try JSON.parse(answer)
                let batch = Batch(events: events, first: value["first"]?.string ?? "", last: value["last"]?.string ?? "")
                return record.withLock { $0.acknowledged.append(batch) }
            } catch {
                record.withLock { $0.refusals += 1 }
                usleep(20_000)
            }
        }
        record.withLock { $0.faults.append("batch \(number) was never answered") }
    }
}
