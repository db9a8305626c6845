// The tools of a generation, as its plays use them: the same intentions under each one's names, inputs and results.

struct ScriptTools: Sendable {
    let look: ScriptTool
    let read: ScriptTool
    let addLogin: ScriptTool
    let compile: ScriptTool
    let review: ScriptTool
    let first: ScriptTool
    let second: ScriptTool
    let editOnce: ScriptTool
    let readMissing: ScriptTool
    let readOutside: ScriptTool
    let manyLines: ScriptTool
    let slowLines: ScriptTool
    let badArguments: ScriptTool
    let unknown: ScriptTool
    let bigWrite: ScriptTool
    /// The input of the tool that begins a child session.
    let subagent: @Sendable (_ description: String, _ prompt: String) -> ScriptTool

    static func of(_ generation: ScriptedGeneration) -> ScriptTools {
        switch generation {
        case .first: first
        case .second: second
        }
    }

    // What both do.

    static let login = (
        from: "def index():\n    return 'hello'\n",
        to: "def index():\n    return 'hello'\n\n\ndef login(user, password):\n    return user == 'ada'\n",
        hunk: "@@ -1,2 +1,6 @@\n def index():\n     return 'hello'\n+\n+\n+def login(user, password):\n+    return user == 'ada'\n"
    )
    static let greeting = (
        from: "return 'hello'", to: "return 'hello, world'",
        hunk: "@@ -1,2 +1,2 @@\n def index():\n-    return 'hello'\n+    return 'hello, world'\n"
    )
    static let compiling = "python3 -m py_compile app.py && echo compiled"
    static let printing = "for i in $(seq 1 40); do echo line $i; sleep 0.05; done"

    static func numbers(from first: Int, through last: Int) -> String { (first...last).map { "\($0)\n" }.joined() }

    static func lines(_ count: Int) -> String { (0..<count).map { "line \($0 + 1)\n" }.joined() }

    static let bigFile = (0..<1200).map { number in
        let text = String(number)
        return String(repeating: "0", count: 6 - text.count) + text + " the quick brown fox\n"
    }

    static func patch(_ path: String, _ hunk: String) -> String {
        "Index: \(path)\n===================================================================\n--- \(path)\n+++ \(path)\n\(hunk)"
    }

    static func count(_ sign: Character, in hunk: String) -> Int { hunk.split(separator: "\n").count { $0.first == sign } }

    /// What a shell's line asks for, command by command; and what `always` would allow.
    static func asking(_ action: String, _ commands: [String], metadata: String? = nil) -> ScriptTool.Ask {
        var saves: [String] = []
        for command in commands {
            let save = String(command.prefix { $0 != " " }) + " *"
            if !saves.contains(save) { saves.append(save) }
        }
        return ScriptTool.Ask(action: action, resources: commands, save: saves, metadata: metadata)
    }
}
