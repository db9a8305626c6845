// REST as an input says it: the last answer noted for a path, 404 for any other, and nobody there once an exchange has asked too often.

import OpenCode
import Wire

struct NotedAnswers {
    private var answers: [String: UpstreamAnswer] = [:]
    private static let stepsAtMost = 40

    /// `PATH STATUS BODY`; status 0 is nobody there, 1 is HTML with 200.
    mutating func note(_ line: [UInt8]) {
        let pieces = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3, let status = Int(text(pieces[1])) else { return }
        let path = Self.path(text(pieces[0]))
        let body = Array(pieces[2])
        switch status {
        case 0: answers[path] = .unreachable(mayHaveArrived: body.isEmpty)
        case 1: answers[path] = .answered(status: 200, isJSON: false, headers: [], body: body)
        default: answers[path] = .answered(status: status, isJSON: true, headers: [], body: body)
        }
    }

    func answer(_ request: UpstreamRequest) -> UpstreamAnswer {
        check(!request.target.utf8.contains { $0 <= 0x20 || $0 >= 0x7F }, "the target \(request.target)")
        if let body = request.body { check((try? JSON.parse(body, depth: 512)) != nil, "the body \(text(body))") }
        return answers[Self.path(request.target)] ?? .answered(status: 404, isJSON: false, headers: [], body: [])
    }

    /// Nil where it failed.
    func run<Output>(_ exchange: any UpstreamExchange<Output>) -> Output? {
        var exchange = exchange
        var given: [UpstreamAnswer] = []
        for step in 0..<4 * Self.stepsAtMost {
            switch exchange.next(given) {
            case .send(let requests):
                given = requests.map { step < Self.stepsAtMost ? answer($0) : .unreachable(mayHaveArrived: false) }
            case .wait, .checkpoint: given = []
            case .done(let output): return output
            case .failed: return nil
            }
        }
        return nil
    }

    private static func path(_ target: String) -> String { String(target.prefix { $0 != "?" }) }
}
