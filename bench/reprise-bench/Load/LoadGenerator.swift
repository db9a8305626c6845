// The load generator as a case uses it: calls that return when the thing is done. One thread with one loop holds all connections, the same for
// every server that is measured.

import Reactor

final class LoadGenerator {
    /// Nothing that a case asks for takes longer; what does, hangs.
    private static let patience = Duration.seconds(300)

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
    func publish(_ publication: Publication) throws { try carryOut(.publish(publication)) }
    func close() throws { try carryOut(.close) }

    private func carryOut(_ command: LoadCommand) throws {
        commands.post(always: command)
        switch reports.takeAll(within: Self.patience)?.last {
        case .done: break
        case .failed(let reason): throw BenchFailure(reason)
        case nil: throw BenchFailure("nothing came of it in \(Self.patience)")
        }
    }
}
