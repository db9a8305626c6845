// The scripts that have more than a text.

extension Script {
    /// Deltas of one message, at most: a message of 300 kB is read back by REST in one piece.
    static let floodDeltasPerRound = 1000

    static func flood(_ count: Int, _ tools: ScriptTools) -> Script {
        let firsts = Array(stride(from: 0, to: max(1, count), by: floodDeltasPerRound))
        return Script(
            rounds: firsts.map { first in
                let flood = ScriptStep.flood(first: first, count: min(floodDeltasPerRound, max(1, count) - first))
                return first == firsts.last ? [flood] : [flood, .tool(tools.read)]
            })
    }

    static func one(_ tool: ScriptTool, _ words: String) -> Script { Script(rounds: [[.tool(tool)], [.say(words)]]) }

    static func authentication(_ tools: ScriptTools) -> Script {
        Script(rounds: [
            [
                .reason("The user wants authentication on the login page. I should look at the project first, then plan."),
                .say("I'll look at the project first.\n"), .tool(tools.look),
            ],
            [.tool(tools.read)],
            [.say("Now the edit."), .tool(tools.addLogin)],
            [.tool(tools.compile)],
            [.tool(tools.review)],
            [.say("Done. " + ScriptTexts.markdown)],
        ])
    }

    static func parallel(_ tools: ScriptTools) -> Script {
        Script(rounds: [[.say("Two at once."), .tool(tools.first), .tool(tools.second)], [.say("Both finished.")]])
    }

    static let subagent = Script(rounds: [
        [.subagent(description: "Explore the project", prompt: "hello from the parent")],
        [.say("The subagent reported back.")],
    ])

    static let question = Script(rounds: [
        [
            .question(
                header: "Database", "Which database?",
                options: [ScriptOption("SQLite", "embedded"), ScriptOption("Postgres", "server")])
        ],
        [.say("Thank you, I will use that.")],
    ])

    static let providerError = Script(rounds: [[.fail(ScriptFailure(type: "provider.invalid-request", status: 400))]])

    static let providerDown = Script(rounds: [
        [.retry(milliseconds: 2500, ScriptFailure(type: "provider.internal", status: 503)), .say("The provider is back.")]
    ])

    static let rateLimit = Script(rounds: [
        [
            .retry(milliseconds: 1700, ScriptFailure(type: "provider.rate-limit", status: 429)),
            .retry(milliseconds: 4400, ScriptFailure(type: "provider.rate-limit", status: 429)), .say("The limit has passed."),
        ]
    ])

    static let providerCut = Script(rounds: [
        [.say(ScriptTexts.prose(words: 20)), .breakOff(.cut(milliseconds: 2000))],
        [.say("This time to the end. " + ScriptTexts.prose(words: 10))],
    ])

    static let providerUnfinished = Script(
        rounds: (0..<3).map { _ in [.say(ScriptTexts.prose(words: 12)), .breakOff(.unfinished)] } + [
            [.say("This time with a finish reason.")]
        ])

    static let think = Script(rounds: [
        [.reason(ScriptTexts.prose(words: 120)), .say("After some thought: " + ScriptTexts.prose(words: 20))]
    ])
}
