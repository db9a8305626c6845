// The load generator as a case uses it: calls that return when the thing is done. One thread with one loop holds all connections, the same for
// every server that is measured.

import Reactor

final class LoadGenerator {
    /// Nothing that a case asks for takes longer; what does, hangs.
    private static let patience = Duration.seconds(120)

    private let commands = Mailbox<LoadCommand>(capacity: 16)
    private let reports = BlockingQueue<LoadReport>()
    private let thread: LoopThread

    init() {
        let (commands, reports) = (commands, reports)
        thread = EventLoop.spawn(name: "load") { loop in
            let inside = LoadLoop(loop, reports: reports)
            loop.attach(commands) { for command in $0 { inside.carryOut(command) } }
        }
    }

    deinit {
        thread.stop()
        thread.join()
    }

    func subscribe(_ target: LoadTarget, count: Int) throws { try carryOut(.subscribe(target, count: count)) }
    func resume(_ target: LoadTarget, _ resumption: Resumption) throws { try carryOut(.resume(target, resumption)) }
    func hello(_ target: LoadTarget, path: String, after: String) throws { try carryOut(.hello(target, path: path, after: after)) }
    func close() throws { try carryOut(.close) }

    /// Nil where the pace is not one that is timed.
    @discardableResult
    func publish(_ publication: Publication) throws -> Latencies? {
        if case .latencies(let latencies) = try carryOut(.publish(publication)) { latencies } else { nil }
    }

    @discardableResult
    func append(_ target: LoadTarget, _ plan: AppendPlan) throws -> AppendResult {
        guard case .appended(let result) = try carryOut(.append(target, plan)) else { throw BenchFailure("nothing was appended") }
        return result
    }

    func request(_ target: LoadTarget, _ request: HTTPRequest) throws -> HTTPResponse {
        guard case .answered(let response) = try carryOut(.request(target, request)) else { throw BenchFailure("there was no answer") }
        return response
    }

    @discardableResult
    private func carryOut(_ command: LoadCommand) throws -> LoadReport {
        commands.post(always: command)
        switch reports.takeAll(within: Self.patience)?.last {
        case .failed(let reason): throw BenchFailure(reason)
        case let report?: return report
        case nil: throw BenchFailure("nothing came of it in \(Self.patience)")
        }
    }
}
