// Stopping: one call, answered before its events. What waits in the inbox stays there. Again does no harm.

import RelayProtocol
import Wire

struct OpenCode2Stopping: UpstreamExchange {
    let session: String

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> {
        guard let answer = answers.first else { return .send([UpstreamRequest("POST", OpenCode2Target.session(session, "/interrupt"))]) }
        if OpenCode2Answer.isSessionGone(answer) { return .done(.sessionGone) }
        switch OpenCode2Answer.data(answer, of: "a stop") {
        case .failure(let failure): return .failed(failure)
        case .success(let body):
            let wasRunning = body["interrupted"]?.bool == true
            return .done(.done(result: JSONWriter.object { $0.member("stopped", wasRunning) }))
        }
    }
}
