// What an answer means for whoever sends again by itself.

import Reactor
import RelayProtocol

extension RepriseError {
    /// Nobody answered, or the protocol says that a client sends it again by itself. OpenCode's absence and a busy session are for a person
    /// to mend.
    var isWorthAnotherTry: Bool {
        switch self {
        case .unreachable, .underWay: true
        case .problem(let status, let code, _):
            switch ProblemCode(rawValue: code) {
            case .upstreamUnavailable, .sessionBusy: false
            case let known?: known.isRetryable
            case nil: Self.isPassing(status: status)
            }
        case .badURL, .badAnswer, .closed: false
        }
    }

    /// What may be over by itself: a time that was over, too many requests, whatever is the server's own fault.
    static func isPassing(status: Int) -> Bool { status == 408 || status == 429 || status >= 500 }

    /// Nil for a success.
    init?(_ response: HTTPResponse) {
        if (200..<300).contains(response.head.status) { return nil }
        self = .from(status: response.head.status, body: response.body)
    }
}
