// Settling a declined turn: its prompt's id is sent once more. No model is called; an idle row is written, and the turn stays ended after a
// restart of the service. Not while something else waits in the inbox (it would run), and not when the run goes on or another has ended
// since (then nothing is left to settle).

import RelayProtocol
import Wire

/// Gives whether a declined turn was found and settled.
struct OpenCode2Declining: UpstreamExchange {
    private enum Step { case begin, looking, sending }
    /// Pauses between looks while the run is ending (ms).
    static let pauses = [20, 50, 100, 200, 400, 800, 1500]

    let session: String
    private let prompts: [String]
    /// The no was ours. Else an end without an idle row may be somebody else's doing, or a death's: the same is right for all.
    var isSure = true
    private var step = Step.begin
    private var looks = 0

    init(session: String, prompts: [String]) {
        self.session = session
        self.prompts = prompts
    }

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<Bool> {
        if answers.contains(where: OpenCode2Answer.isSessionGone) { return .done(isSure) }
        switch step {
        case .begin: return look()
        case .looking: return answers.isEmpty ? look() : looked(answers)
        case .sending:
            guard let answer = answers.first, OpenCode2Answer.status(answer) != nil else { return .failed(.unreachable) }
            return .done(true)
        }
    }

    private mutating func look() -> ExchangeStep<Bool> {
        guard !prompts.isEmpty else { return .done(isSure) }
        step = .looking
        let targets = [
            OpenCode2Target.active, OpenCode2Target.session(session, "/inbox"), OpenCode2Target.session(session, "/message?limit=50"),
        ]
        return .send(targets.map { UpstreamRequest("GET", $0) })
    }

    private mutating func looked(_ answers: [UpstreamAnswer]) -> ExchangeStep<Bool> {
        var found: [JSONValue] = []
        for answer in answers {
            switch OpenCode2Answer.data(answer, of: "a declined turn") {
            case .failure(let failure): return .failed(failure)
            case .success(let data): found.append(data)
            }
        }
        guard found.count == 3 else { return .failed(.unreachable) }
        if found[0].member(named: session) != nil {
            guard looks < Self.pauses.count else { return .done(isSure) }
            looks += 1
            return .wait(.milliseconds(Self.pauses[looks - 1]))
        }
        guard found[1].items.isEmpty, let prompt = unsettled(found[2].items) else { return .done(isSure) }
        step = .sending
        let body = JSONWriter.object { writer in
            writer.member("id", prompt)
            writer.member("text", "")
        }
        return .send([.json("POST", OpenCode2Target.session(session, "/prompt"), body)])
    }

    /// The newest prompt, if it is of the turn that asked and no run has ended in the ordinary way since. Rows are newest first.
    private func unsettled(_ rows: [JSONValue]) -> String? {
        for row in rows {
            if row["type"]?.says("idle") == true { return nil }
            if row["type"]?.says("user") == true { return row["id"]?.string.flatMap { prompts.contains($0) ? $0 : nil } }
        }
        return nil
    }
}
