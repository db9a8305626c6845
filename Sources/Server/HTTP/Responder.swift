// The way back from a route, wherever its answer is made, to the connection that waits.

import RelayProtocol

/// Who waits for an answer: a request on a connection of a loop. Answers from any thread, once; a second answer is dropped.
struct Responder: Sendable {
    let loop: LoopMailbox
    let connection: UInt64
    let request: UInt64

    func send(_ answer: HTTPAnswer) { loop.post(.answer(connection: connection, request: request, answer)) }
    func send(_ problem: Problem) { send(.problem(problem)) }

    func send(_ result: Result<[UInt8]?, Problem>, orElse missing: ProblemCode) {
        switch result {
        case .success(let body?): send(.json(body))
        case .success(nil): send(Problem(missing))
        case .failure(let problem): send(problem)
        }
    }
}
