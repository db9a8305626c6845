// The scripts that have more than a text.

extension Script {
    /// Deltas of one message, at most: a message of 300 kB is read back by REST in one piece.
    static let floodDeltasPerRound = 1000

    static func flood(_ count: Int) -> Script {
        let firsts = Array(stride(from: 0, to: max(1, count), by: floodDeltasPerRound))
        return Script(
            rounds: firsts.map { first in
                let flood = ScriptStep.flood(first: first, count: min(floodDeltasPerRound, max(1, count) - first))
                return first == firsts.last ? [flood] : [flood, .tool(look)]
            })
    }

    static let authentication = Script(rounds: [
        [
            .reason("The user wants authentication on the login page. I should look at the project first, then plan."),
            .say("I'll look at the project first.\n"), .tool(look),
        ],
        [.tool(read)],
        [.say("Now the edit."), .tool(addLogin)],
        [.tool(compile)],
        [.tool(readAgain)],
        [.say("Done. " + ScriptTexts.markdown)],
    ])

    static let parallel = Script(rounds: [
        [
            .say("Two at once."), .tool(shell("sleep 1; echo one", output: "one\n", milliseconds: 1000)),
            .tool(shell("echo two", output: "two\n")),
        ],
        [.say("Both finished.")],
    ])

    static let subagent = Script(rounds: [
        [.subagent(description: "Explore the project", prompt: "hello from the parent")],
        [.say("The subagent reported back.")],
    ])

    static let question = Script(rounds: [
        [.question(header: "Database", "Which database?", options: ["SQLite", "Postgres"])],
        [.say("Thank you, I will use that.")],
    ])

    static let toolError = Script(rounds: [
        [
            .tool(
                ScriptTool(
                    "read", input: #"{"path":"DIRECTORY/does-not-exist.txt"}"#, failure: "File not found: DIRECTORY/does-not-exist.txt"))
        ],
        [.say("That file is not there.")],
    ])

    static let editOnce = Script(rounds: [
        [.tool(edit(from: "return 'hello'", to: "return 'hello, world'", patch: ["-    return 'hello'", "+    return 'hello, world'"]))],
        [.say("Edited.")],
    ])

    static let providerError = Script(rounds: [[.fail(ScriptFailure(type: "provider.invalid-request", status: 400))]])

    static let rateLimit = Script(rounds: [
        [
            .retry(milliseconds: 1700, ScriptFailure(type: "provider.rate-limit", status: 429)),
            .retry(milliseconds: 4400, ScriptFailure(type: "provider.rate-limit", status: 429)), .say("The limit has passed."),
        ]
    ])

    static let think = Script(rounds: [
        [.reason(ScriptTexts.prose(words: 120)), .say("After some thought: " + ScriptTexts.prose(words: 20))]
    ])

    private static let look = ScriptTool(
        "read", input: #"{"path":"DIRECTORY"}"#, output: "Read directory DIRECTORY, entries 1-2\napp.py\nopencode.json")
    private static let read = ScriptTool(
        "read", input: #"{"path":"DIRECTORY/app.py"}"#,
        output: "Read file DIRECTORY/app.py, lines 1-2\n1: def index():\n2:     return 'hello'")
    private static let readAgain = ScriptTool(
        "read", input: #"{"path":"DIRECTORY/app.py"}"#,
        output:
            "Read file DIRECTORY/app.py, lines 1-6\n1: def index():\n2:     return 'hello'\n3: \n4: \n5: def login(user, password):\n6:     return user == 'ada'"
    )
    private static let compile = shell("python3 -m py_compile app.py && echo compiled", output: "compiled\n", milliseconds: 70)
    private static let addLogin = edit(
        from: "def index():\\n    return 'hello'\\n",
        to: "def index():\\n    return 'hello'\\n\\n\\ndef login(user, password):\\n    return user == 'ada'\\n",
        patch: ["     return 'hello'", "+", "+", "+def login(user, password):", "+    return user == 'ada'"])
}

extension Script {
    /// `from` and `to` as they stand in JSON.
    private static func edit(from: String, to: String, patch: [String]) -> ScriptTool {
        let added = patch.count { $0.hasPrefix("+") }
        let removed = patch.count { $0.hasPrefix("-") }
        let lines = ["Index: app.py", "--- app.py", "+++ app.py", "@@ -1,2 +1,\(2 + added - removed) @@", " def index():"] + patch
        let files = """
            {"files":[{"file":"app.py","patch":"\(lines.joined(separator: "\\n"))\\n","status":"modified","additions":\(added),"deletions":\(removed)}]}
            """
        return ScriptTool(
            "edit", input: #"{"path":"DIRECTORY/app.py","oldString":"\#(from)","newString":"\#(to)"}"#,
            output: "Edited app.py (1 replacement)",
            ask: ScriptTool.Ask(action: "edit", resources: ["app.py"], save: ["*"], metadata: files), metadata: files, files: ["app.py"])
    }

    private static func shell(_ command: String, output: String, milliseconds: Int = 10) -> ScriptTool {
        let parts = command.split(whereSeparator: { ";&".contains($0) }).map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        let saves = parts.map { part in String(part.prefix { $0 != " " }) + " *" }
        return ScriptTool(
            "shell", input: #"{"command":"\#(command)"}"#, output: output,
            ask: ScriptTool.Ask(action: "shell", resources: parts, save: saves),
            metadata: #"{"status":"completed","truncated":false,"exit":0}"#, milliseconds: milliseconds)
    }
}
