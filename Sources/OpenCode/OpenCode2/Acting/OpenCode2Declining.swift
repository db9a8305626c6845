// Settling a declined turn: its prompt's id is sent once more. No model is called; an idle row is written, and the turn stays ended after a
// restart of the service. Not while something else waits in the inbox (it would run), and not when the run goes on or another has ended
// since (then nothing is left to settle).

import RelayProtocol
import Wire

/// Gives whether a declined turn was found and settled.
struct OpenCode2Declining: UpstreamExchange {
    private enum Step { case begin, looking, lookingBack, sending }
    /// Pauses between looks while the run is ending (ms).
    static let pauses = [20, 50, 100, 200, 400, 800, 1500]

    let session: String
    private let prompts: [String]
    /// The no was ours. Else an end without an idle row may be somebody else's doing, or a death's: the same is right for all.
    var isSure = true
    private var step = Step.begin
    private var looks = 0
    /// Of the page of rows that was asked for last; nil for the newest.
    private var cursor: String?

    init(session: String, prompts: [String]) {
        self.session = session
        self.prompts = prompts
    }

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<Bool> {
        if answers.contains(where: OpenCode2Answer.isSessionGone) { return .done(isSure) }
        switch step {
        case .begin: return look()
        case .looking: return answers.isEmpty ? look() : looked(answers)
        case .lookingBack: return lookedBack(answers)
        case .sending: return sent(answers)
        }
    }

    private mutating func look() -> ExchangeStep<Bool> {
        guard !prompts.isEmpty else { return .done(isSure) }
        step = .looking
        cursor = nil
        let targets = [OpenCode2Target.active, OpenCode2Target.session(session, "/inbox"), page]
        return .send(targets.map { UpstreamRequest("GET", $0) })
    }

    private var page: String {
        OpenCode2Target.session(session, "/message?limit=50" + (cursor.map { "&cursor=\(PercentEncoding.encode($0))" } ?? ""))
    }

    private mutating func looked(_ answers: [UpstreamAnswer]) -> ExchangeStep<Bool> {
        guard answers.count == 3 else { return .failed(.unreachable) }
        let running = OpenCode2Answer.data(answers[0], of: "the sessions that run", kind: .object)
        let waiting = OpenCode2Answer.data(answers[1], of: "an inbox", kind: .array)
        switch (running, waiting) {
        case (.failure(let failure), _), (_, .failure(let failure)): return .failed(failure)
        case (.success(let active), .success(let inbox)):
            if active.member(named: session) != nil { return lookLater() }
            return inbox.items.isEmpty ? lookedBack([answers[2]]) : .done(isSure)
        }
    }

    private mutating func lookLater() -> ExchangeStep<Bool> {
        guard looks < Self.pauses.count else { return .done(isSure) }
        looks += 1
        return .wait(.milliseconds(Self.pauses[looks - 1]))
    }

    /// A turn may have any number of rows behind its prompt: page by page, back to the newest prompt.
    private mutating func lookedBack(_ answers: [UpstreamAnswer]) -> ExchangeStep<Bool> {
        guard let answer = answers.first else { return .failed(.unreachable) }
        switch OpenCode2Answer.page(answer, of: "a declined turn", kind: .array) {
        case .failure(let failure): return .failed(failure)
        case .success(let (rows, next)):
            guard let last = rows.items.first(where: Self.isDecisive) else { return lookBack(to: next, isEmpty: rows.items.isEmpty) }
            guard let prompt = last["id"]?.string, prompts.contains(prompt) else { return .done(isSure) }
            return send(prompt)
        }
    }

    private mutating func lookBack(to next: String?, isEmpty: Bool) -> ExchangeStep<Bool> {
        guard let next, next != cursor, !isEmpty else { return .done(isSure) }
        step = .lookingBack
        cursor = next
        return .send([UpstreamRequest("GET", page)])
    }

    /// The newest prompt, unless a run has ended in the ordinary way since: then that end's row, which is no prompt. Rows are newest first.
    private static func isDecisive(_ row: JSONValue) -> Bool { row["type"]?.says("idle") == true || row["type"]?.says("user") == true }

    private mutating func send(_ prompt: String) -> ExchangeStep<Bool> {
        step = .sending
        let body = JSONWriter.object { writer in
            writer.member("id", prompt)
            writer.member("text", "")
        }
        return .send([.json("POST", OpenCode2Target.session(session, "/prompt"), body)])
    }

    private func sent(_ answers: [UpstreamAnswer]) -> ExchangeStep<Bool> {
        guard let answer = answers.first else { return .failed(.unreachable) }
        guard let status = OpenCode2Answer.status(answer), (200...299).contains(status) else {
            return .failed(OpenCode2Answer.failure(answer, of: "settling a declined turn"))
        }
        return .done(true)
    }
}
