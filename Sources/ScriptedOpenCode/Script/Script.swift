// What a scripted agent plays after a prompt: rounds, each of which becomes one step with one assistant message. Words of the prompt choose
// it, so that a demo, a test and a bench ask for what they want in plain text.

public struct Script: Sendable, Equatable {
    /// Each round is one assistant message. All but the last should call a tool: that is what makes a model go on.
    public var rounds: [[ScriptStep]]

    public init(rounds: [[ScriptStep]]) {
        self.rounds = rounds
    }

    /// Whether it is played without any pause.
    var isFlood: Bool {
        guard case .flood = rounds.first?.first else { return false }
        return true
    }

    /// The script for a prompt. The first word that is found decides:
    /// `flood N` (N deltas as fast as they are taken), `firehose N` (N words without a pause), `add authentication` or `tools` (six rounds
    /// that read, edit and run), `parallel`, `subagent`, `question`, `toolerror`, `bigoutput`, `bigwrite`, `chatty`, `badargs`,
    /// `unknowntool`, `outside`, `edit once`, `provider-error` or `fail`, `provider-down`, `provider-cut`, `provider-unfinished`,
    /// `rate-limit`, `think`, `long N` (N words), `half`, `silent`, `unicode`, `markdown`. Anything else is greeted.
    public static func chosen(by prompt: String, for generation: ScriptedGeneration = .second) -> Script {
        let words = prompt.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
        let spaced = " " + words.joined(separator: " ") + " "
        let tools = ScriptTools.of(generation)
        for (phrase, script) in byPhrase where spaced.contains(" \(phrase) ") { return script(number(after: phrase, in: words), tools) }
        return Script(rounds: [[.say("Hello! " + ScriptTexts.prose(words: 40))]])
    }

    private static func number(after word: String, in words: [String]) -> Int? {
        guard let place = words.firstIndex(of: word), place + 1 < words.count else { return nil }
        return Int(words[place + 1])
    }

    private static let byPhrase: [(String, @Sendable (Int?, ScriptTools) -> Script)] = [
        ("flood", { count, tools in flood(count ?? 1000, tools) }),
        ("firehose", { count, _ in Script(rounds: [[.burst(ScriptTexts.prose(words: count ?? 600))]]) }),
        ("add authentication", { _, tools in authentication(tools) }),
        ("parallel", { _, tools in parallel(tools) }),
        ("tools", { _, tools in authentication(tools) }),
        ("subagent", { _, _ in subagent }),
        ("question", { _, _ in question }),
        ("toolerror", { _, tools in one(tools.readMissing, "That file is not there.") }),
        ("bigoutput", { _, tools in one(tools.manyLines, "That was long.") }),
        ("bigwrite", { _, tools in one(tools.bigWrite, "Written.") }),
        ("chatty", { _, tools in one(tools.slowLines, "That printed forty lines.") }),
        ("badargs", { _, tools in one(tools.badArguments, "I had the arguments wrong.") }),
        ("unknowntool", { _, tools in one(tools.unknown, "There is no such tool.") }),
        ("outside", { _, tools in one(tools.readOutside, "I have read a file outside the project.") }),
        ("edit once", { _, tools in one(tools.editOnce, "Edited.") }),
        ("provider-error", { _, _ in providerError }),
        ("fail", { _, _ in providerError }),
        ("provider-down", { _, _ in providerDown }),
        ("provider-cut", { _, _ in providerCut }),
        ("provider-unfinished", { _, _ in providerUnfinished }),
        ("rate-limit", { _, _ in rateLimit }),
        ("think", { _, _ in think }),
        ("half", { _, _ in Script(rounds: [[.say(ScriptTexts.prose(words: 300))]]) }),
        ("long", { count, _ in Script(rounds: [[.say(ScriptTexts.prose(words: count ?? 800))]]) }),
        ("silent", { _, _ in Script(rounds: [[.pause(milliseconds: 25_000), .say("I was thinking without a word.")]]) }),
        ("unicode", { _, _ in Script(rounds: [[.spell(ScriptTexts.unicode)]]) }),
        ("markdown", { _, _ in Script(rounds: [[.say(ScriptTexts.markdown)]]) }),
    ]
}
