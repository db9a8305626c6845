// The tools of 1.18.

extension ScriptTools {
    static let first = ScriptTools(
        look: todos1(["in_progress", "pending", "pending"]),
        read: read1("DIRECTORY/app.py", "app.py", ["def index():", "    return 'hello'"]),
        addLogin: edit1(login.from, login.to, login.hunk),
        compile: compile1,
        review: todos1(["completed", "completed", "completed"]),
        first: bash1("sleep 1; echo one", ["sleep 1", "echo one"], "first", "one\n", milliseconds: 1000),
        second: bash1("echo two", ["echo two"], "second", "two\n"),
        editOnce: edit1(greeting.from, greeting.to, greeting.hunk),
        readMissing: ScriptTool(
            "read", input: #"{"filePath":"DIRECTORY/does-not-exist.txt"}"#, failure: "File not found: DIRECTORY/does-not-exist.txt"),
        readOutside: outside1,
        manyLines: manyLines1,
        slowLines: slowLines1,
        badArguments: invalid1(
            "read", #"{"filePath": 12"#,
            "Invalid input for tool read: JSON parsing failed: Text: {\"filePath\": 12.\nError message: JSON Parse error: Expected '}'"),
        unknown: invalid1(
            "teleport", #"{"to": "moon"}"#,
            "Model tried to call unavailable tool 'teleport'. Available tools: bash, edit, glob, grep, invalid, question, read, skill, task, todowrite, webfetch, write."
        ),
        bigWrite: bigWrite1,
        subagent: { description, prompt in
            var tool = ScriptTool(
                "task",
                input:
                    #"{"description":\#(ScriptTool.quoted(description)),"prompt":\#(ScriptTool.quoted(prompt)),"subagent_type":"general"}"#)
            tool.title = description
            return tool
        })

    private static func todos1(_ states: [String]) -> ScriptTool {
        let contents = [("Read the entry point", "high"), ("Add the login route", "high"), ("Run the tests", "medium")]
        let items = zip(contents, states).map { #""content":"\#($0.0)","status":"\#($1)","priority":"\#($0.1)""# }
        let numbered = items.enumerated().map { #"{"id":"\#($0.offset + 1)",\#($0.element)}"# }.joined(separator: ",")
        let list = "[" + items.map { "{\($0)}" }.joined(separator: ",") + "]"
        let pretty = zip(contents, states).map {
            "  {\n    \"content\": \"\($0.0)\",\n    \"status\": \"\($1)\",\n    \"priority\": \"\($0.1)\"\n  }"
        }
        var tool = ScriptTool(
            "todowrite", input: #"{"todos":[\#(numbered)]}"#, output: "[\n" + pretty.joined(separator: ",\n") + "\n]",
            metadata: #"{"todos":\#(list),"truncated":false}"#)
        tool.title = "\(states.count { $0 != "completed" }) todos"
        tool.todos = list
        return tool
    }

    private static func read1(_ path: String, _ title: String, _ lines: [String]) -> ScriptTool {
        let text = ScriptTool.quoted(lines.joined(separator: "\n"))
        let numbered = lines.enumerated().map { "\($0.offset + 1): \($0.element)\n" }.joined()
        var tool = ScriptTool(
            "read", input: #"{"filePath":"\#(path)"}"#,
            output:
                "<path>\(path)</path>\n<type>file</type>\n<content>\n\(numbered)\n(End of file - total \(lines.count) lines)\n</content>",
            metadata:
                #"{"preview":\#(text),"truncated":false,"loaded":[],"display":{"type":"file","path":"\#(path)","text":\#(text),"lineStart":1,"lineEnd":\#(lines.count),"totalLines":\#(lines.count),"truncated":false}}"#
        )
        tool.title = title
        return tool
    }

    private static let outside1: ScriptTool = {
        var tool = read1("PARENT/outside.txt", "../outside.txt", ["a file outside the project"])
        tool.ask = ScriptTool.Ask(
            action: "external_directory", resources: ["PARENT/*"], save: ["PARENT/*"],
            metadata: #"{"filepath":"PARENT/outside.txt","parentDir":"PARENT"}"#)
        return tool
    }()

    private static func edit1(_ from: String, _ to: String, _ hunk: String) -> ScriptTool {
        let diff = ScriptTool.quoted(patch("DIRECTORY/app.py", hunk))
        let file =
            #""filediff":{"file":"DIRECTORY/app.py","patch":\#(diff),"additions":\#(count("+", in: hunk)),"deletions":\#(count("-", in: hunk))}"#
        var tool = ScriptTool(
            "edit",
            input: #"{"filePath":"DIRECTORY/app.py","oldString":\#(ScriptTool.quoted(from)),"newString":\#(ScriptTool.quoted(to))}"#,
            output: "Edit applied successfully.",
            ask: ScriptTool.Ask(
                action: "edit", resources: ["app.py"], save: ["*"], metadata: #"{"filepath":"DIRECTORY/app.py","diff":\#(diff)}"#),
            metadata: #"{"diagnostics":{},"diff":\#(diff),\#(file),"truncated":false}"#, files: ["DIRECTORY/app.py"])
        tool.title = "app.py"
        tool.progress = [#"{"diff":\#(diff),\#(file),"diagnostics":{}}"#]
        tool.edits = "DIRECTORY/app.py"
        return tool
    }

    private static let bigWrite1: ScriptTool = {
        let diff = ScriptTool.quoted(patch("DIRECTORY/big.txt", "@@ -0,0 +1,1200 @@\n" + bigFile.map { "+" + $0 }.joined()))
        var tool = ScriptTool(
            "write", input: #"{"filePath":"DIRECTORY/big.txt","content":\#(ScriptTool.quoted(bigFile.joined()))}"#,
            output: "Wrote file successfully.",
            ask: ScriptTool.Ask(
                action: "edit", resources: ["big.txt"], save: ["*"], metadata: #"{"filepath":"DIRECTORY/big.txt","diff":\#(diff)}"#),
            metadata: #"{"diagnostics":{},"filepath":"DIRECTORY/big.txt","exists":false,"truncated":false}"#, files: ["DIRECTORY/big.txt"])
        tool.title = "big.txt"
        tool.edits = "DIRECTORY/big.txt"
        return tool
    }()

    private static func bash1(_ command: String, _ commands: [String], _ description: String, _ output: String, milliseconds: Int = 10)
        -> ScriptTool
    {
        let text = ScriptTool.quoted(output)
        var tool = ScriptTool(
            "bash", input: #"{"command":\#(ScriptTool.quoted(command)),"description":"\#(description)"}"#, output: output,
            ask: asking("bash", commands, metadata: #"{"command":\#(ScriptTool.quoted(command))}"#),
            metadata: #"{"output":\#(text),"exit":0,"truncated":false}"#, milliseconds: milliseconds)
        tool.title = command
        tool.progress = [#"{"output":""}"#, #"{"output":\#(text)}"#]
        return tool
    }

    private static let compile1: ScriptTool = {
        let commands = ["python3 -m py_compile app.py", "echo compiled"]
        var tool = bash1(compiling, commands, "Compile the project", "compiled\n", milliseconds: 70)
        tool.files = ["DIRECTORY/__pycache__/app.cpython-311.pyc"]
        return tool
    }()

    private static let slowLines1: ScriptTool = {
        var tool = bash1(printing, ["seq 1 40", "echo line $i", "sleep 0.05"], "Print slowly", lines(40), milliseconds: 2050)
        tool.progress = (0..<41).map { #"{"output":\#(ScriptTool.quoted(lines($0)))}"# }
        return tool
    }()

    private static let manyLines1: ScriptTool = {
        let saved = "PARENT/.local/share/opencode/tool-output/tool_1"
        let tail = numbers(from: 18002, through: 20000)
        let preview = "...\n\n" + numbers(from: 15001, through: 20000)
        var tool = bash1("seq 1 20000", ["seq 1 20000"], "Print many lines", tail)
        tool.output = "...output truncated...\n\nFull output saved to: \(saved)\n\n" + tail
        tool.metadata = #"{"output":\#(ScriptTool.quoted(preview)),"exit":0,"truncated":true,"outputPath":"\#(saved)"}"#
        tool.progress = [#"{"output":""}"#]
        return tool
    }()

    /// What the model got wrong is answered by a tool of that name.
    private static func invalid1(_ called: String, _ spoken: String, _ error: String) -> ScriptTool {
        var tool = ScriptTool(
            "invalid", input: #"{"tool":"\#(called)","error":\#(ScriptTool.quoted(error))}"#,
            output: "The arguments provided to the tool are invalid: \(error)")
        tool.title = "Invalid Tool"
        tool.calledAs = called
        tool.spoken = spoken
        return tool
    }
}
