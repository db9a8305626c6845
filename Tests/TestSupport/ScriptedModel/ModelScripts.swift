// Which answer a prompt gets. A turn is several answers: `step` counts the rounds of tool calls since the prompt, `tries` how often this very
// question has been asked.

enum ModelScripts {
    static func answer(to prompt: String, step: Int, tries: Int, _ dialect: ModelDialect) -> [ModelItem] {
        if prompt.hasPrefix("You MUST summarize the conversation") { return [.text(ModelTexts.summary)] }
        let asked = prompt.lowercased()
        if let rounds = turns(asked, dialect) { return rounds[min(step, rounds.count - 1)] }
        if let failing = failures(asked, tries) { return failing }
        if asked.contains("think") { return [.reasoning(ModelTexts.prose(120)), .text("After some thought: " + ModelTexts.prose(20))] }
        if asked.contains("silent") { return [.pause(.seconds(25)), .text("I was silent.")] }
        return [plain(asked)]
    }

    private static func turns(_ asked: String, _ dialect: ModelDialect) -> [[ModelItem]]? {
        if asked.contains("add authentication") { return authentication(dialect) }
        if asked.contains("parallel") {
            let calls = [dialect.shell("sleep 1; echo one", "first"), dialect.shell("echo two", "second")]
            return [[.text("Two at once.")] + calls, [.text("Both have finished.")]]
        }
        if asked.contains("subagent") {
            return [[dialect.delegate("Look around", "hello from the parent")], [.text("The subagent has answered.")]]
        }
        if asked.contains("question") {
            let options = [("SQLite", "embedded"), ("Postgres", "a server")]
            return [[dialect.question("Database", "Which database?", options)], [.text("Then that one.")]]
        }
        return calls(asked, dialect)
    }

    private static func calls(_ asked: String, _ dialect: ModelDialect) -> [[ModelItem]]? {
        let calls: [(String, ModelItem, String)] = [
            ("toolerror", dialect.read("does-not-exist.txt"), "That file is not there."),
            ("bigoutput", dialect.shell("seq 1 20000", "Print many lines"), "That was long."),
            ("bigwrite", dialect.write("big.txt", ModelTexts.manyLines), "It is written."),
            ("chatty", dialect.shell("for i in $(seq 1 40); do echo line $i; sleep 0.05; done", "Print slowly"), "Forty lines."),
            ("badargs", dialect.brokenRead, "My arguments were wrong."),
            ("unknowntool", .tool("teleport", arguments: #"{"to":"moon"}"#), "There is no such tool."),
            ("outside", dialect.read(dialect.directory + "/../outside.txt"), "That file is outside of the project."),
            ("edit once", dialect.edit("app.py", from: "return 'hello'", to: "return 'hello, world'"), "The edit is done."),
        ]
        return calls.first { asked.contains($0.0) }.map { [[$0.1], [.text($0.2)]] }
    }

    private static func authentication(_ dialect: ModelDialect) -> [[ModelItem]] {
        let names = ["Read the entry point", "Add the login", "Compile it"]
        let login = "def index():\n    return 'hello'\n\n\ndef login(user, password):\n    return user == 'ada'\n"
        return [
            [
                .reasoning("They want a login. I look at the project before I plan."), .text("I look at the project first.\n"),
                dialect.tasks(names.enumerated().map { ($0.element, $0.offset == 0 ? "in_progress" : "pending") }),
            ],
            [dialect.read("app.py")],
            [.text("Now the edit."), dialect.edit("app.py", from: "def index():\n    return 'hello'\n", to: login)],
            [dialect.shell("python3 -m py_compile app.py && echo compiled", "Compile the project")],
            [dialect.tasks(names.map { ($0, "completed") })],
            [.text("Done. " + ModelTexts.markdown)],
        ]
    }

    private static func failures(_ asked: String, _ tries: Int) -> [ModelItem]? {
        if asked.contains("provider-error") { return [.refusal(400)] }
        if asked.contains("provider-down") { return tries <= 1 ? [.refusal(503)] : [.text("The provider is back.")] }
        if asked.contains("rate-limit") { return tries <= 2 ? [.refusal(429)] : [.text("The limit has passed.")] }
        if asked.contains("provider-cut") {
            return tries <= 1 ? [.text(ModelTexts.prose(20)), .cut] : [.text("Now to the end. " + ModelTexts.prose(10))]
        }
        if asked.contains("provider-unfinished") {
            return tries <= 3 ? [.text(ModelTexts.prose(12)), .unfinished] : [.text("Now with a finish reason.")]
        }
        return nil
    }

    private static func plain(_ asked: String) -> ModelItem {
        if asked.contains("firehose") { return .burst(ModelTexts.prose(number(in: asked) ?? 600)) }
        if asked.contains("long") { return .text(ModelTexts.prose(asked.contains("half") ? 300 : 800)) }
        if asked.contains("unicode") { return .scalars(ModelTexts.unicode) }
        if asked.contains("markdown") { return .text(ModelTexts.markdown) }
        return .text("Hello! " + ModelTexts.prose(40))
    }

    private static func number(in text: String) -> Int? {
        text.split { !$0.isASCII || !$0.isNumber }.first.flatMap { Int($0) }
    }
}
