// A run as a list of small acts with their delays, made from a script at its start; only a request that waits for a person holds it up.

/// What a run does next.
enum ScriptedAct: Sendable {
    case stepStarted
    case begin(kind: String, ordinal: Int)
    case delta(kind: String, ordinal: Int, String)
    case end(kind: String, ordinal: Int, String)
    case callTool(id: String, name: String, input: String)
    case ask(id: String, name: String, input: String)
    case askQuestion(id: String, String, [String])
    case finishTool(id: String, output: String)
    case stepEnded(finish: String)
    case fail(String)
    case nothing
}

struct ScriptedRun: Sendable {
    private(set) var acts: [(delay: Int64, act: ScriptedAct)] = []
    private var next = 0
    /// When the next act is due (ms since 1970); nil while it waits for a person.
    var due: Int64?
    var message = ""
    /// The tool that waits.
    var waitingTool: String?

    init(_ script: Script, calls: inout Int, now: Int64) {
        for round in script.rounds { add(round, script.wordsPerSecond, &calls) }
        due = now + (acts.first?.delay ?? 0)
    }

    var current: ScriptedAct? { next < acts.count ? acts[next].act : nil }

    mutating func moveOn(from time: Int64) {
        next += 1
        due = next < acts.count ? time + acts[next].delay : time
    }

    private mutating func add(_ round: [ScriptStep], _ rate: Int, _ calls: inout Int) {
        acts.append((rate == 0 ? 0 : 40, .stepStarted))
        var ordinals = ["text": 0, "reasoning": 0]
        var hasTool = false
        for step in round {
            switch step {
            case .say(let text): addWords("text", text, rate, &ordinals)
            case .reason(let text): addWords("reasoning", text, rate, &ordinals)
            case .pause(let time): acts.append((Int64(time), .nothing))
            case .fail(let message):
                acts.append((20, .fail(message)))
                return
            case .tool(let name, let input, let output, let asks):
                hasTool = true
                let id = call(&calls)
                acts.append((20, .callTool(id: id, name: name, input: input)))
                if asks { acts.append((5, .ask(id: id, name: name, input: input))) }
                acts.append((60, .finishTool(id: id, output: output)))
            case .question(let text, let options):
                hasTool = true
                let id = call(&calls)
                acts.append((20, .callTool(id: id, name: "question", input: #"{"questions":[]}"#)))
                acts.append((5, .askQuestion(id: id, text, options)))
                acts.append((20, .finishTool(id: id, output: "answered")))
            }
        }
        acts.append((rate == 0 ? 0 : 10, .stepEnded(finish: hasTool ? "tool-calls" : "stop")))
    }

    private func call(_ calls: inout Int) -> String {
        calls += 1
        return "call_\(calls)"
    }

    /// Deltas as the real server makes them: what came in 100 ms; in a flood pieces of about 300 bytes.
    private mutating func addWords(_ kind: String, _ text: String, _ rate: Int, _ ordinals: inout [String: Int]) {
        let ordinal = ordinals[kind] ?? 0
        ordinals[kind] = ordinal + 1
        acts.append((rate == 0 ? 0 : 5, .begin(kind: kind, ordinal: ordinal)))
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        let piece = rate == 0 ? Script.wordsPerDelta : max(1, rate / 10)
        for first in stride(from: 0, to: words.count, by: piece) {
            let joined = words[first..<min(first + piece, words.count)].joined(separator: " ")
            acts.append((rate == 0 ? 0 : 100, .delta(kind: kind, ordinal: ordinal, first == 0 ? joined : " " + joined)))
        }
        acts.append((rate == 0 ? 0 : 5, .end(kind: kind, ordinal: ordinal, text)))
    }
}
