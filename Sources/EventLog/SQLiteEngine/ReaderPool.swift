// Threads that read, each with a connection of its own, and the jobs that wait for them.

import Reactor

final class ReaderPool: Sendable {
    typealias Job = @Sendable (Result<LogReader, LogError>) -> Void

    private let jobs: BlockingQueue<Job>
    private let threads: [WorkerThread]

    /// - Parameter capacity: how many jobs may wait.
    init(path: String, threads count: Int, capacity: Int = .max) {
        let jobs = BlockingQueue<Job>(capacity: capacity)
        self.jobs = jobs
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

    /// Where too much waits, or the log is closed, the job is told so on this thread.
    func run(_ job: @escaping Job) {
        if !jobs.post(job) { job(.failure(jobs.isClosed ? .closed : .overloaded)) }
    }

    /// Runs what waits and ends.
    func close() {
        jobs.close()
        for thread in threads { thread.join() }
    }

    func stop() { jobs.close() }
}
