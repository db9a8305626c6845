// Reading for an answer: one transaction, and errors sorted into what the client did and what went wrong here.

import EventLog
import RelayProtocol

extension Services {
    /// Runs `read` in one read transaction on a reader's thread; `done` is called there. What is no problem of the request is logged, and
    /// told as one of the log.
    func read<Value: Sendable>(
        _ read: @escaping @Sendable (LogSnapshot) throws -> Value, _ done: @escaping @Sendable (Result<Value, Problem>) -> Void
    ) {
        log.read { reader in
            try reader.transaction(read)
        } _: { [logger] result in
            done(
                result.mapError { error in
                    if let problem = error as? Problem { return problem }
                    logger.error("a read failed", [("error", "\(error)")])
                    return Problem(.readFailed)
                })
        }
    }
}
