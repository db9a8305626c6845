// Host names to addresses. `getaddrinfo` blocks, for seconds when a name server is away, so it runs on a thread of its own,
// and the answer comes back through a mailbox. Literal addresses and `localhost` need neither.

final class Resolver {
    typealias Answer = Result<[SocketAddress], ResolveError>

    private static let questionsAtOnce = 256

    private let answers = Mailbox<(question: Int, answer: Answer)>(capacity: questionsAtOnce)
    private var waiting: [Int: (Answer) -> Void] = [:]
    private var lastQuestion = 0

    init(loop: EventLoop) {
        loop.attach(answers) { [unowned self] answers in
            for (question, answer) in answers { waiting.removeValue(forKey: question)?(answer) }
        }
    }

    /// What needs no asking.
    static func known(_ host: String, port: UInt16) -> [SocketAddress]? {
        // RFC 6761, 6.3: localhost is the loopback address, of either family.
        if host.lowercased() == "localhost" {
            return ["127.0.0.1", "::1"].compactMap { SocketAddress(host: $0, port: port) }
        }
        return SocketAddress(host: host, port: port).map { [$0] }
    }

    /// Asks the system. A question that is given up is simply not answered any more: `forget`.
    func ask(_ host: String, port: UInt16, _ done: @escaping (Answer) -> Void) -> Int {
        lastQuestion += 1
        let question = lastQuestion
        waiting[question] = done
        let answers = answers
        _ = WorkerThread(name: "resolver") {
            answers.post(always: (question, NameLookup.addresses(of: host, port: port)))
        }
        return question
    }

    func forget(_ question: Int) {
        waiting[question] = nil
    }

    func loopEnded() {
        let unanswered = waiting
        waiting = [:]
        for done in unanswered.values { done(.failure(ResolveError(host: "", reason: "the loop has ended"))) }
    }
}
