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
    /// `flood N` (N deltas as fast as they are taken), `long N` (N words), `add authentication` or `tools` (six rounds that read, edit and
    /// run), `parallel`, `subagent`, `question`, `toolerror`, `edit once`, `provider-error` or `fail`, `rate-limit`, `think`, `silent`, `unicode`,
    /// `markdown`. Anything else is greeted.
    public static func chosen(by prompt: String) -> Script {
        let words = prompt.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
        let spaced = " " + words.joined(separator: " ") + " "
        for (phrase, script) in byPhrase where spaced.contains(" \(phrase) ") { return script(number(after: phrase, in: words)) }
        return Script(rounds: [[.say("Hello! " + ScriptTexts.prose(words: 40))]])
    }

    private static func number(after word: String, in words: [String]) -> Int? {
        guard let place = words.firstIndex(of: word), place + 1 < words.count else { return nil }
        return Int(words[place + 1])
    }

    private static let byPhrase: [(String, @Sendable (Int?) -> Script)] = [
        ("flood", { flood($0 ?? 1000) }),
        ("add authentication", { _ in authentication }),
        ("tools", { _ in authentication }),
        ("parallel", { _ in parallel }),
        ("subagent", { _ in subagent }),
        ("question", { _ in question }),
        ("toolerror", { _ in toolError }),
        ("edit once", { _ in editOnce }),
        ("provider-error", { _ in providerError }),
        ("fail", { _ in providerError }),
        ("rate-limit", { _ in rateLimit }),
        ("think", { _ in think }),
        ("long", { Script(rounds: [[.say(ScriptTexts.prose(words: $0 ?? 400))]]) }),
        ("half", { _ in Script(rounds: [[.say(ScriptTexts.prose(words: 300))]]) }),
        ("silent", { _ in Script(rounds: [[.pause(milliseconds: 25_000), .say("I was thinking without a word.")]]) }),
        ("unicode", { _ in Script(rounds: [[.say(ScriptTexts.unicode)]]) }),
        ("markdown", { _ in Script(rounds: [[.say(ScriptTexts.markdown)]]) }),
    ]
}
