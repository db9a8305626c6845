// The tools of 2.x. It has no todo tool: reading the folder and the file stand in.

extension ScriptTools {
    static let second = ScriptTools(
        look: read2("DIRECTORY", "Read directory DIRECTORY, entries 1-4\n.git/\n.opencode/\napp.py\nopencode.json"),
        read: read2("DIRECTORY/app.py", "Read file DIRECTORY/app.py, lines 1-2\n1: def index():\n2:     return 'hello'"),
        addLogin: edit2(login.from, login.to, login.hunk),
        compile: compile2,
        review: read2(
            "DIRECTORY/app.py",
            "Read file DIRECTORY/app.py, lines 1-6\n1: def index():\n2:     return 'hello'\n3: \n4: \n5: def login(user, password):\n6:     return user == 'ada'"
        ),
        first: shell2("sleep 1; echo one", ["sleep 1", "echo one"], "one\n", milliseconds: 1000),
        second: shell2("echo two", ["echo two"], "two\n"),
        editOnce: edit2(greeting.from, greeting.to, greeting.hunk),
        readMissing: ScriptTool(
            "read", input: #"{"path":"DIRECTORY/does-not-exist.txt"}"#, failure: "File not found: DIRECTORY/does-not-exist.txt"),
        readOutside: outside2,
        manyLines: manyLines2,
        slowLines: shell2(printing, ["seq 1 40", "echo line $i", "sleep 0.05"], lines(40), milliseconds: 2100),
        badArguments: bad2,
        unknown: ScriptTool(
            "teleport", input: #"{"to":"moon"}"#,
            failure: "No tool named \"teleport\" is currently available. Please use a tool from the available tool list."),
        bigWrite: bigWrite2,
        subagent: { description, prompt in
            ScriptTool(
                "subagent",
                input: #"{"agent":"general","description":\#(ScriptTool.quoted(description)),"prompt":\#(ScriptTool.quoted(prompt))}"#)
        })

    private static func read2(_ path: String, _ output: String) -> ScriptTool {
        ScriptTool("read", input: #"{"path":"\#(path)"}"#, output: output)
    }

    /// It is mended before it is called.
    private static let bad2: ScriptTool = {
        var tool = ScriptTool(
            "read", input: #"{"path":12}"#,
            failure:
                "Invalid arguments for tool \"read\":\n- path: Expected string\n\nArguments provided:\n{\n  \"path\": 12\n}\n\nUpdate the arguments and call the tool again."
        )
        tool.spoken = #"{"path": 12"#
        return tool
    }()

    private static let outside2: ScriptTool = {
        var tool = read2("PARENT/outside.txt", "Read file PARENT/outside.txt, lines 1-1\n1: a file outside the project")
        tool.ask = ScriptTool.Ask(action: "external_directory", resources: ["PARENT/*"], save: ["PARENT/*"])
        return tool
    }()

    private static func changes2(_ file: String, _ hunk: String, _ status: String) -> String {
        let patch = ScriptTool.quoted(patch(file, hunk))
        return
            #""files":[{"file":"\#(file)","patch":\#(patch),"status":"\#(status)","additions":\#(count("+", in: hunk)),"deletions":\#(count("-", in: hunk))}]"#
    }

    private static func edit2(_ from: String, _ to: String, _ hunk: String) -> ScriptTool {
        let input = #"{"path":"DIRECTORY/app.py","oldString":\#(ScriptTool.quoted(from)),"newString":\#(ScriptTool.quoted(to))}"#
        let files = changes2("app.py", hunk, "modified")
        return ScriptTool(
            "edit", input: input, output: "Edited app.py (1 replacement)",
            ask: ScriptTool.Ask(action: "edit", resources: ["app.py"], save: ["*"], metadata: "{\(files)}"),
            metadata: "{\(files),\"truncated\":false}", files: ["app.py"])
    }

    private static let bigWrite2: ScriptTool = {
        let hunk = "@@ -0,0 +1,1200 @@\n" + bigFile.map { "+" + $0 }.joined()
        let files = changes2("big.txt", hunk, "added")
        return ScriptTool(
            "write", input: #"{"path":"DIRECTORY/big.txt","content":\#(ScriptTool.quoted(bigFile.joined()))}"#,
            output: "Created file successfully: big.txt",
            ask: ScriptTool.Ask(action: "edit", resources: ["big.txt"], save: ["*"], metadata: "{\(files)}"), files: ["big.txt"])
    }()

    private static func shell2(_ command: String, _ commands: [String], _ output: String, milliseconds: Int = 10) -> ScriptTool {
        ScriptTool(
            "shell", input: #"{"command":\#(ScriptTool.quoted(command))}"#, output: output, ask: asking("shell", commands),
            metadata: #"{"status":"completed","truncated":false,"exit":0}"#, milliseconds: milliseconds)
    }

    private static let compile2: ScriptTool = {
        var tool = shell2(compiling, ["python3 -m py_compile app.py", "echo compiled"], "compiled\n", milliseconds: 70)
        tool.files = ["__pycache__/app.cpython-311.pyc"]
        return tool
    }()

    /// The end of it, and where the rest is.
    private static let manyLines2: ScriptTool = {
        var tool = shell2(
            "seq 1 20000", ["seq 1 20000"], numbers(from: 18001, through: 20000) + "\n[full output saved to PARENT/tool-output.out]")
        tool.metadata = #"{"status":"completed","truncated":true,"exit":0}"#
        return tool
    }()
}
