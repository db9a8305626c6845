// One run of fan-out against one server that was just started.

import Foundation

struct FanoutRun {
    private let kind: ServerKind
    private let plan: FanoutPlan
    private let generator: LoadGenerator
    private let server: RunningServer

    init(_ kind: ServerKind, _ plan: FanoutPlan, _ generator: LoadGenerator, _ pinning: Pinning) throws {
        self.kind = kind
        self.plan = plan
        self.generator = generator
        server = try RunningServer(kind, processor: pinning.server)
        try generator.subscribe(server.target, count: plan.subscribers)
        try publish(1...plan.warmUpEvents)
    }

    func measure() throws -> FanoutSample {
        let (before, ownBefore, start) = (try time(server.processID), try time(getpid()), ContinuousClock.now)
        try publish(plan.warmUpEvents + 1...plan.warmUpEvents + plan.events)
        let (after, ownAfter) = (try time(server.processID), try time(getpid()))
        let wallSeconds = (ContinuousClock.now - start) / .seconds(1)
        try generator.close()
        let serverSeconds = after.seconds - before.seconds
        return FanoutSample(
            server: kind, deliveries: plan.events * plan.subscribers, serverSeconds: serverSeconds,
            systemShare: after.systemShare(since: before), wallSeconds: wallSeconds, generatorSeconds: ownAfter.seconds - ownBefore.seconds)
    }

    /// Calls to send over deliveries, from few events: each call stops the server.
    func countSends() throws -> Double {
        let events = plan.batch.map { $0 * 2 } ?? 20
        let count = try SendCount(process: server.processID)
        try publish(plan.warmUpEvents + 1...plan.warmUpEvents + events)
        let sends = try count.finish()
        try generator.close()
        return Double(sends) / Double(events * plan.subscribers)
    }

    private func publish(_ events: ClosedRange<Int>) throws {
        try generator.publish(Publication(events: events, eventBytes: plan.eventBytes, pace: plan.pace))
    }

    private func time(_ process: Int32) throws -> ProcessorTime {
        guard let time = ProcessorTime(of: process) else { throw BenchFailure("\(kind.rawValue) is gone") }
        return time
    }
}
