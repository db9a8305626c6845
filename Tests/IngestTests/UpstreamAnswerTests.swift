import OpenCode
import Reactor
import Testing
import Wire

@testable import Ingest

@Suite struct UpstreamAnswerTests {
    @Test func `an answer beyond the limit is told from a server that is away`() {
        let large = HTTPClientError(.unreadable(HTTPFailure(code: "too_large", detail: "")), mayHaveArrived: true)
        guard case .tooLarge = UpstreamAnswer(.failure(large)) else {
            Issue.record("it is not told apart")
            return
        }
        let cut = HTTPClientError(.unreadable(HTTPFailure(code: "cut", detail: "")), mayHaveArrived: true)
        guard case .unreachable(mayHaveArrived: true) = UpstreamAnswer(.failure(cut)) else {
            Issue.record("a cut is no size")
            return
        }
    }

    @Test func `no answer in time is told from a server that is away`() {
        guard case .late = UpstreamAnswer(.failure(HTTPClientError(.timedOut, mayHaveArrived: true))) else {
            Issue.record("it is not told apart")
            return
        }
        guard case .unreachable(mayHaveArrived: false) = UpstreamAnswer(.failure(HTTPClientError(.timedOut, mayHaveArrived: false))) else {
            Issue.record("nobody was reached")
            return
        }
    }
}
