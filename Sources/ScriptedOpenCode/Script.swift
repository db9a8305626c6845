// What a scripted agent plays: rounds, each of which becomes one assistant message. Chosen by words of the prompt, so that a demo, a test
// and a bench ask for what they want in plain text.

import Wire

/// One thing that happens within a round.
public enum ScriptStep: Sendable, Equatable {
    case reason(String)
    case say(String)
    /// `input` is a JSON object. `asks`: it waits for a permission first.
    case tool(name: String, input: String, output: String, asks: Bool)
    case question(String, options: [String])
    /// Nothing happens for so long (ms).
    case pause(Int)
    /// The provider refuses: the turn fails.
    case fail(String)
}

public struct Script: Sendable, Equatable {
    /// Each round is one assistant message.
    public var rounds: [[ScriptStep]]
    /// Words a second; 0: no pause at all.
    public var wordsPerSecond: Int

    public init(rounds: [[ScriptStep]], wordsPerSecond: Int = 60) {
        self.rounds = rounds
        self.wordsPerSecond = wordsPerSecond
    }

    /// `flood N`: N deltas of about 300 bytes as fast as they are taken. `long N`: N words. `tools`: a read, an edit and a command that ask.
    /// `question`, `fail`, `think`, `silent`. Anything else is greeted.
    public static func chosen(by prompt: String) -> Script {
        let words = prompt.lowercased().split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)
        func number(after word: String) -> Int? {
            words.firstIndex(of: word).flatMap { $0 + 1 < words.count ? Int(words[$0 + 1]) : nil }
        }
        if words.contains("flood") { return Script(rounds: [[.say(prose(words: (number(after: "flood") ?? 1000) * wordsPerDelta))]], wordsPerSecond: 0) }
        if words.contains("long") { return Script(rounds: [[.say(prose(words: number(after: "long") ?? 400))]]) }
        if words.contains("tools") || words.contains("authentication") { return tools }
        if words.contains("question") { return Script(rounds: [[.say("One thing first."), .question("Which database?", options: ["SQLite", "Postgres"])], [.say("Then that one.")]]) }
        if words.contains("fail") { return Script(rounds: [[.fail("the provider refused")]]) }
        if words.contains("think") { return Script(rounds: [[.reason(prose(words: 60)), .say("That is what I think.")]]) }
        if words.contains("silent") { return Script(rounds: [[.pause(25_000), .say("Still here.")]]) }
        return Script(rounds: [[.say("Hello! " + prose(words: 40))]])
    }

    /// Words that make up one delta of a flood: about 300 bytes.
    static let wordsPerDelta = 50

    private static let tools = Script(rounds: [
        [.reason("The page has no login. I look at the project first."), .say("I'll look at the project first.\n"),
         .tool(name: "read", input: #"{"path":"app.py"}"#, output: "1: def index():\n2:     return 'hello'", asks: false)],
        [.say("Now the edit."),
         .tool(name: "edit", input: #"{"path":"app.py","oldString":"def index():","newString":"def login(user):"}"#, output: "Edited app.py", asks: true)],
        [.tool(name: "shell", input: #"{"command":"python3 -m py_compile app.py && echo compiled"}"#, output: "compiled\n", asks: true)],
        [.say("Done. " + markdown)],
    ])

    private static let markdown = """
        ## What changed

        1. **Read** the entry point
        2. Added a `login` function
        3. Compiled it

        ```python
        def login(user):
            return 'hello'
        ```
        """

    static func prose(words: Int) -> String {
        let stock = """
            the relay keeps one topic per session and writes every event before anyone sees it so a reader that comes back later can \
            continue from the last offset it has seen without losing or repeating a single one
            """.split(separator: " ")
        var text = ""
        text.reserveCapacity(words * 6)
        for index in 0..<max(1, words) { text += (index == 0 ? "" : " ") + stock[index % stock.count] }
        return text + "."
    }
}
