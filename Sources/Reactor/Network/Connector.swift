// Makes a connection to a host: finds its addresses, tries one after the other, and gives up when the time is over.
// The answer comes once, from the loop's turn, never from inside `init`; after `cancel` it does not come.

public final class Connector {
    public typealias Outcome = Result<Connection, ConnectError>

    private let loop: EventLoop
    private let options: Connection.Options
    private var done: ((Outcome) -> Void)?
    private var addresses: [SocketAddress] = []
    private var lastError = ConnectError.timedOut
    private var attempt: ConnectAttempt?
    private var question: Int?
    private var deadline: TimerToken?

    /// - Parameters:
    ///   - host: a name or a literal address.
    ///   - timeout: for all of it, the name included.
    public init(
        loop: EventLoop, host: String, port: UInt16, timeout: Duration, options: Connection.Options = Connection.Options(),
        _ done: @escaping (Outcome) -> Void
    ) {
        self.loop = loop
        self.options = options
        self.done = done
        deadline = loop.schedule(after: timeout) { self.finish(.failure(.timedOut)) }
        if let known = Resolver.known(host, port: port) {
            loop.atEndOfTurn { self.tryAll(known) }
        } else {
            question = loop.resolver.ask(host, port: port) { self.resolved($0) }
        }
    }

    /// Gives up; nothing is told.
    public func cancel() {
        done = nil
        release()
    }

    private func resolved(_ answer: Resolver.Answer) {
        question = nil
        switch answer {
        case .success(let found): tryAll(found)
        case .failure(let error): finish(.failure(.unresolved(error)))
        }
    }

    private func tryAll(_ found: [SocketAddress]) {
        addresses = found.reversed()
        tryNext()
    }

    private func tryNext() {
        guard done != nil else { return }
        guard let address = addresses.popLast() else { return finish(.failure(lastError)) }
        do {
            attempt = try ConnectAttempt(
                loop: loop, address: address, onConnect: { self.connected($0) }, onFailure: { self.failed($0) })
        } catch {
            failed(error)
        }
    }

    private func connected(_ socket: consuming Descriptor) {
        attempt = nil
        finish(.success(Connection(loop: loop, descriptor: socket, options: options)))
    }

    private func failed(_ error: SystemError) {
        attempt = nil
        lastError = .refused(error)
        tryNext()
    }

    private func finish(_ outcome: Outcome) {
        release()
        let told = done
        done = nil
        told?(outcome)
    }

    private func release() {
        attempt?.cancel()
        attempt = nil
        if let question { loop.resolver.forget(question) }
        if let deadline { loop.cancel(deadline) }
        (question, deadline) = (nil, nil)
    }
}
