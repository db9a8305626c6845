// A thread that reads the log: it looks at one moment, and its answer arrives at another.

import Broker
import EventLog
import RelayProtocol

@testable import Server

enum LogQuestion {
    case loop(BrokerAction, SimulatedLoopSink)
    /// Looks, and gives what to do with what it saw.
    case job(MemoryJob)
}

typealias MemoryJob = @Sendable (Disk, _ now: Int64) -> @Sendable () -> Void

struct LogReaderModel {
    enum Fault {
        /// A page that says it has more than it has is a hole at the hand-over to live.
        case shortPage
        /// A session that is there is not found.
        case sessionNotFound
    }

    var fault: Fault?
    private var answer: (() -> Void)?

    init(fault: Fault?) { self.fault = fault }

    var isAtWork: Bool { answer != nil }

    /// - Returns: the answer to a subscribe, for whoever wants to check it.
    mutating func look(_ question: LogQuestion, _ disk: Disk, now: Int64, pageBytes: Int) -> (JudgeRequest, Result<Start, Problem>)? {
        switch question {
        case .loop(.judge(let request), let sink):
            let said = start(request, of: DiskView(disk: disk, fault: fault))
            answer = { sink.notices.post(.judged(request, said)) }
            // What the log holds is what is checked.
            return (request, start(request, of: DiskView(disk: disk, fault: nil)))
        case .loop(.page(let request), let sink):
            let reader = StartReader(log: DiskView(disk: disk, fault: fault), pageBytes: pageBytes)
            guard let page = try? reader.page(request) else { break }
            answer = { sink.notices.post(.read(request, page)) }
        case .job(let job): answer = job(disk, now)
        case .loop: break
        }
        return nil
    }

    private func start(_ request: JudgeRequest, of view: DiskView) -> Result<Start, Problem> {
        do { return .success(try StartReader(log: view).start(request)) } catch let problem as Problem {
            return .failure(problem)
        } catch { preconditionFailure("a look at what is in memory cannot fail: \(error)") }
    }

    mutating func tell() {
        answer?()
        answer = nil
    }
}
