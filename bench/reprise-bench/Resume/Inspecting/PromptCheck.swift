// Every prompt that was acknowledged ran once: its command is done, its message stands once in the log and once in OpenCode.

import TestSupport

struct PromptCheck {
    let session: String
    let history: TopicHistory
    let theirs: [ComparableMessage]

    func faults(of prompts: [Prompter.Prompt], state: (String) throws -> String) rethrows -> [String] {
        try prompts.flatMap { prompt -> [String] in
            var faults: [String] = []
            let state = try state(prompt.id)
            if state != "done" { faults.append("is \(state)") }
            let logged = history.prompts(with: prompt.mark)
            if logged.count != 1 { faults.append("stands \(logged.count) times in the log") }
            let there = theirs.filter { $0.role == "user" && $0.parts.contains { $0.text?.contains(prompt.mark) == true } }
            if there.count != 1 { faults.append("stands \(there.count) times in OpenCode") }
            if there.count == 1, let id = logged.first, there.first?.id != id { faults.append("is \(id) here and \(there[0].id) there") }
            return faults.map { "prompt \(prompt.id) of \(session): \($0)" }
        }
    }
}
