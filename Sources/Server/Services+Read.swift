// Reading for an answer: one transaction, and errors sorted into what the client did and what went wrong here.

import EventLog
import RelayProtocol

extension Services {
    /// Runs `read` in one read transaction on a reader's thread; `done` is called there. What is no problem of the request is logged, and
    /// told as one of the log.
    func read<Value: Sendable>(
        _ read: @escaping @Sendable (LogSnapshot) throws -> Value, _ done: @escaping @Sendable (Result<Value, Problem>) -> Void
    ) {
        log.read({ try $0.transaction(read) }, sorting(done))
    }

    /// The same for what looks through a whole session: one at a time, beside the reads that others wait for.
    func readSlowly<Value: Sendable>(
        _ read: @escaping @Sendable (LogSnapshot) throws -> Value, _ done: @escaping @Sendable (Result<Value, Problem>) -> Void
    ) {
        log.readSlowly({ try $0.transaction(read) }, sorting(done))
    }

    /// A larger body is looked through on a reader's thread.
    private static let inlineBytes = 64 << 10

    /// Work on a body: at once, or, of one that takes longer, beside the loop: while it waits for that its bytes are counted, and where too
    /// much waits it is refused. `done` is called where it was done.
    func work<Value: Sendable>(
        on body: [UInt8], _ work: @escaping @Sendable ([UInt8]) throws -> Value,
        _ done: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        if Self.isInline(body) { return done(Result { try work(body) }) }
        guard log.reserve(body.count) else { return done(.failure(Problem(.overloaded))) }
        log.read { _ in
            try work(body)
        } _: { [log] result in
            log.release(body.count)
            done(result)
        }
    }

    static func isInline(_ body: [UInt8]) -> Bool { body.count <= inlineBytes }

    private func sorting<Value: Sendable>(
        _ done: @escaping @Sendable (Result<Value, Problem>) -> Void
    ) -> @Sendable (Result<Value, any Error>) -> Void {
        { [logger] result in
            done(
                result.mapError { error in
                    if let problem = error as? Problem { return problem }
                    if case LogError.overloaded = error { return Problem(.overloaded) }
                    logger.error("a read failed", [("error", "\(error)")])
                    return Problem(.readFailed)
                })
        }
    }
}
