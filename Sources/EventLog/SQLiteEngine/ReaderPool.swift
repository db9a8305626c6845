// Threads that read, each with a connection of its own, and the jobs that wait for them.

import Reactor

final class ReaderPool: Sendable {
    typealias Job = @Sendable (Result<LogReader, LogError>) -> Void

    private let jobs = BlockingQueue<Job>()
    private let threads: [WorkerThread]

    init(path: String, threads count: Int) {
        let jobs = jobs
        threads = (0..<max(1, count)).map { number in
            WorkerThread(name: "log-reader-\(number)") {
                let reader = Result { try LogReader(path: path) }.mapError { LogError($0) }
                while let job = jobs.take() { job(reader) }
            }
        }
    }

    func run(_ job: @escaping Job) {
        if !jobs.post(always: job) { job(.failure(.closed)) }
    }

    /// Runs what waits and ends.
    func close() {
        jobs.close()
        for thread in threads { thread.join() }
    }

    func stop() { jobs.close() }
}
