// What a tab does first: one GET of the session, one WebSocket from the position that it came with.

import Reactor
import Wire

struct SessionOpening {
    let answerMilliseconds: Double
    let allMilliseconds: Double

    init(_ session: String, _ target: LoadTarget, _ setup: BenchSetup) throws {
        let start = ContinuousClock.now
        let answer = try setup.generator.request(target, HTTPRequest(target: "/v1/sessions/\(session)"))
        let answered = ContinuousClock.now
        guard answer.head.status == 200, let position = (try? JSON.parse(answer.body))?["position"]?.string else {
            throw BenchFailure("opening was answered with \(answer.head.status)")
        }
        try setup.generator.hello(target, path: "/v1/sessions/\(session)", after: position)
        answerMilliseconds = (answered - start) / .milliseconds(1)
        allMilliseconds = (ContinuousClock.now - start) / .milliseconds(1)
        try setup.generator.close()
    }
}
