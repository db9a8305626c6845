// Stopping: abort, then reject what the aborted run had asked. OpenCode goes on listing those requests, and approving one would still run
// its tool; one reject clears all of the session's, so it must come before the next prompt.

import RelayProtocol
import Wire

struct OpenCode1Stopping: UpstreamExchange {
    private enum Step { case begin, finding, lookingUp, aborting, listing, rejecting }

    let session: String
    private var directory: String?
    private var step = Step.begin
    private var wasBusy = false

    init(session: String, directory: String?) {
        self.session = session
        self.directory = directory
    }

    private var done: ExchangeStep<CommandResult> { .done(.done(result: JSONWriter.object { $0.member("stopped", wasBusy) })) }

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> {
        if answers.contains(where: OpenCode1Answer.isSessionGone) {
            return .done(.sessionGone)
        }
        switch step {
        case .begin:
            guard directory == nil else { return lookUp() }
            step = .finding
            return .send([UpstreamRequest("GET", OpenCode1Target.session(session))])
        case .finding: return found(answers)
        case .lookingUp: return abort(answers)
        case .aborting: return list(answers)
        case .listing: return reject(answers)
        case .rejecting: return done
        }
    }

    private mutating func found(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> {
        guard let answer = answers.first else { return .failed(.unreachable) }
        switch OpenCode1Answer.body(answer, of: "a session") {
        case .failure(let failure): return .failed(failure)
        case .success(let row):
            directory = row["directory"]?.string
            return lookUp()
        }
    }

    private mutating func lookUp() -> ExchangeStep<CommandResult> {
        step = .lookingUp
        return .send([UpstreamRequest("GET", OpenCode1Target.instance("/session/status", directory: directory ?? ""))])
    }

    private mutating func abort(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> {
        guard let answer = answers.first else { return .failed(.unreachable) }
        switch OpenCode1Answer.body(answer, of: "the status of sessions", kind: .object) {
        case .failure(let failure): return .failed(failure)
        case .success(let map):
            let status = map.member(named: session).flatMap { OpenCode1Words.status($0) }
            wasBusy = status != nil && status != .idle
            step = .aborting
            return .send([UpstreamRequest("POST", OpenCode1Target.session(session, "/abort"))])
        }
    }

    private mutating func list(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> {
        guard let answer = answers.first else { return .failed(.unreachable) }
        if case .failure(let failure) = OpenCode1Answer.body(answer, of: "a stop") { return .failed(failure) }
        step = .listing
        return .send(["/permission", "/question"].map { UpstreamRequest("GET", OpenCode1Target.instance($0, directory: directory ?? "")) })
    }

    /// The run is over; ghosts that cannot be cleared now do no harm until somebody answers them.
    private mutating func reject(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> {
        let lists = answers.map { answer in
            guard case .success(let list) = OpenCode1Answer.body(answer, of: "requests") else { return [String]() }
            return list.items.filter { $0["sessionID"]?.string == session }.compactMap { $0["id"]?.string }
        }
        var requests: [UpstreamRequest] = []
        if let permission = lists.first?.first { requests.append(OpenCode1Replying.reject(permission: permission, directory ?? "")) }
        for question in lists.dropFirst().joined() { requests.append(OpenCode1Replying.reject(question: question, directory ?? "")) }
        step = .rejecting
        return requests.isEmpty ? done : .send(requests)
    }
}
