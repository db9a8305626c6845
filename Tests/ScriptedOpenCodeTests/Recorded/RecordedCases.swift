// Every recording of both generations, each in exactly one list: played in whole, shown by a test of its own, or left out for a reason.

import ScriptedOpenCode

struct RecordedCases: Sendable {
    /// Call by call, frame by frame, answer by answer: `RecordedFrameTests`, `RecordedEventTests`.
    let played: [RecordedCase]
    /// No turn is in them; with where they are looked at.
    let shown: [(name: String, test: String)]
    let leftOut: [LeftOutRecording]

    static func of(_ generation: ScriptedGeneration) -> RecordedCases {
        switch generation {
        case .first: first
        case .second: second
        }
    }

    var names: [String] { played.map(\.name) + shown.map(\.name) + leftOut.map(\.name) }

    static func all(_ lists: [RecordedCase]...) -> [RecordedCase] { lists.flatMap { $0 } }

    static func cases(_ names: String...) -> [RecordedCase] { names.map { RecordedCase($0) } }

    /// With how much of a text counts.
    static func cut(_ length: Int, _ names: String...) -> [RecordedCase] { names.map { RecordedCase($0, length) } }

    /// What the scripts say to this prompt, with other results of tools.
    static func changed(_ asked: String, _ prompt: String, _ changes: [(from: String, to: String)]) -> Script? {
        guard asked == prompt else { return nil }
        func changed(_ text: String) -> String { changes.reduce(text) { $0.replacing($1.from, with: $1.to) } }
        var script = Script.chosen(by: prompt, for: .first)
        script.rounds = script.rounds.map { round in
            round.map { step in
                guard case .tool(var tool) = step else { return step }
                tool.output = changed(tool.output)
                tool.metadata = changed(tool.metadata)
                tool.progress = tool.progress.map(changed)
                let asked = tool.ask?.metadata
                tool.ask?.metadata = asked.map(changed)
                return .tool(tool)
            }
        }
        return script
    }

    /// The file had been edited before, so its second edit finds nothing to change.
    static func edited(_ prompt: String, _ failure: String, isAsked: Bool) -> @Sendable (String) -> Script? {
        { asked in
            guard asked == prompt else { return nil }
            let word = isAsked ? "path" : "filePath"
            let input =
                #"{"\#(word)":"DIRECTORY/app.py","oldString":"return 'hello'","newString":"return 'hello, world'"}"#
            let ask = isAsked ? ScriptTool.Ask(action: "edit", resources: ["app.py"], save: ["*"]) : nil
            let edit = ScriptTool("edit", input: input, ask: ask, failure: failure)
            return Script(rounds: [[.tool(edit)], [.say("Edited.")]])
        }
    }
}
