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
                var reader: LogReader?
                while let job = jobs.take() {
                    // What hindered it once (a descriptor that was missing, a mount) may be over at the next job.
                    job(
                        Result {
                            let opened = try reader ?? LogReader(path: path)
                            reader = opened
                            return opened
                        }.mapError { LogError($0) })
                }
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
