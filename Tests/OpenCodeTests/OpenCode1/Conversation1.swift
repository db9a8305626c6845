// A conversation with a server made of a table: each request is answered by the first row that fits.

import OpenCode

struct Conversation<Output: Sendable> {
    /// `METHOD target-prefix` → answers, one after the other; the last one stays.
    var table: [(request: String, answers: [UpstreamAnswer])]
    private(set) var asked: [String] = []
    private(set) var bodies: [String] = []
    private(set) var waited: Duration = .zero

    init(_ table: [(request: String, answers: [UpstreamAnswer])]) { self.table = table }

    mutating func run(_ exchange: any UpstreamExchange<Output>) -> Result<Output, UpstreamFailure> {
        var exchange = exchange
        var answers: [UpstreamAnswer] = []
        for _ in 0..<200 {
            switch exchange.next(answers) {
            case .send(let requests): answers = requests.map { answer($0) }
            case .wait(let duration):
                waited += duration
                answers = []
            case .checkpoint: answers = []
            case .done(let output): return .success(output)
            case .failed(let failure): return .failure(failure)
            }
        }
        return .failure(.unexpected(status: 0, detail: "it goes round in circles"))
    }

    private mutating func answer(_ request: UpstreamRequest) -> UpstreamAnswer {
        let line = "\(request.method) \(request.target)"
        asked.append(line)
        bodies.append(String(decoding: request.body ?? [], as: UTF8.self))
        guard let index = table.firstIndex(where: { line.hasPrefix($0.request) }), let first = table[index].answers.first
        else { return .json(#"{"name":"NotFoundError","data":{"message":"no route"}}"#, status: 404) }
        if table[index].answers.count > 1 { table[index].answers.removeFirst() }
        return first
    }
}

/// Counts up: the same ids in every run.
struct Counting: RandomNumberGenerator {
    var value: UInt64 = 0
    mutating func next() -> UInt64 {
        value += 1
        return value
    }
}
