// A request that is answered with a problem before it is read.

import RelayProtocol
import Wire

struct HTTPFault: Error {
    let problem: Problem
    var headers: HTTPHeaders = [:]

    init(_ problem: Problem, headers: HTTPHeaders = [:]) {
        self.problem = problem
        self.headers = headers
    }

    init(_ code: ProblemCode, _ detail: String? = nil) { self.init(Problem(code, detail)) }
}
