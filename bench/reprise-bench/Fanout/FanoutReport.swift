// All runs of a fan-out case together: medians with their spread, the ratio, and whether the numbers are worth anything.

import Foundation

struct FanoutReport {
    private let plan: FanoutPlan
    private var samples: [FanoutSample] = []
    var sendsPerDelivery: [String: Double] = [:]

    init(_ plan: FanoutPlan) { self.plan = plan }

    mutating func add(_ sample: FanoutSample) { samples.append(sample) }

    private func microseconds(_ kind: ServerKind) -> [Double] {
        samples.filter { $0.server == kind }.map(\.microsecondsADelivery)
    }

    /// Reprise over the limit, each run with the one beside it. Nil where only one of them ran.
    private var ratio: Spread? {
        let pairs = zip(microseconds(.reprise), microseconds(.limit)).map { $0 / $1 }
        return pairs.isEmpty ? nil : Spread(pairs)
    }

    /// A generator that never rests may be what the server waits for: then sends grow, and a delivery looks cheaper than it is.
    private var isGeneratorTheLimit: Bool { samples.contains { $0.generatorBusy > 0.98 && $0.serverBusy < 0.9 } }

    func table() -> String {
        let mode = plan.batch.map { "in a stream, \($0) a request" } ?? "one event at a time"
        var rows = ["", "fan-out to \(plan.subscribers), \(mode): \(plan.events) events of \(plan.eventBytes) bytes, \(plan.runs) runs"]
        rows.append("server CPU µs a delivery      median     least      most")
        for kind in plan.servers { rows.append(row(kind.rawValue, Spread(microseconds(kind)))) }
        if let ratio { rows.append(row("reprise / limit", ratio)) }
        for (name, count) in sendsPerDelivery.sorted(by: { $0.key < $1.key }) {
            rows.append(String(format: "sends a delivery, %@: %.3f", name, count))
        }
        if isGeneratorTheLimit {
            rows.append("the load generator was busier than the server: deliveries a second say nothing here, µs a delivery little")
        }
        return rows.joined(separator: "\n")
    }

    private func row(_ name: String, _ spread: Spread) -> String {
        name.padding(toLength: 26, withPad: " ", startingAt: 0)
            + String(format: "%10.3f%10.3f%10.3f", spread.median, spread.least, spread.most)
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        let medians = Dictionary(uniqueKeysWithValues: plan.servers.map { ($0.rawValue, Spread(microseconds($0))) })
        let document = Document(
            plan: plan, samples: samples, microsecondsADelivery: medians, ratio: ratio, sendsPerDelivery: sendsPerDelivery,
            isGeneratorTheLimit: isGeneratorTheLimit)
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }

    private struct Document: Encodable {
        let plan: FanoutPlan
        let samples: [FanoutSample]
        let microsecondsADelivery: [String: Spread]
        let ratio: Spread?
        let sendsPerDelivery: [String: Double]
        let isGeneratorTheLimit: Bool
    }
}
