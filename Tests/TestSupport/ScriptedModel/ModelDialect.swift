// The tools of the two generations of OpenCode do the same under other names.

import Wire

struct ModelDialect: Sendable {
    let isSecond: Bool
    /// Where the session works.
    let directory: String

    private func call(_ name: String, _ arguments: (inout JSONWriter) -> Void) -> ModelItem {
        .tool(name, arguments: String(decoding: JSONWriter.object(arguments), as: UTF8.self))
    }

    private func path(_ writer: inout JSONWriter, _ path: String) {
        if isSecond { writer.member("path", path) } else { writer.member("filePath", path) }
    }

    private func full(_ file: String) -> String { file.hasPrefix("/") ? file : file.isEmpty ? directory : directory + "/" + file }

    func read(_ file: String) -> ModelItem { call("read") { path(&$0, full(file)) } }

    func write(_ file: String, _ content: String) -> ModelItem {
        call("write") { writer in
            path(&writer, full(file))
            writer.member("content", content)
        }
    }

    func edit(_ file: String, from old: String, to new: String) -> ModelItem {
        call("edit") { writer in
            path(&writer, full(file))
            writer.member("oldString", old)
            writer.member("newString", new)
        }
    }

    func shell(_ command: String, _ purpose: String) -> ModelItem {
        call(isSecond ? "shell" : "bash") { writer in
            writer.member("command", command)
            if !isSecond { writer.member("description", purpose) }
        }
    }

    func delegate(_ purpose: String, _ prompt: String) -> ModelItem {
        call(isSecond ? "subagent" : "task") { writer in
            if isSecond { writer.member("agent", "general") } else { writer.member("subagent_type", "general") }
            writer.member("description", purpose)
            writer.member("prompt", prompt)
        }
    }

    /// The second generation has no list of tasks: it reads the folder instead.
    func tasks(_ tasks: [(String, String)]) -> ModelItem {
        if isSecond { return read("") }
        return call("todowrite") { writer in
            writer.key("todos")
            writer.array { list in
                for (number, task) in tasks.enumerated() {
                    list.object { entry in
                        entry.member("id", "\(number + 1)")
                        entry.member("content", task.0)
                        entry.member("status", task.1)
                        entry.member("priority", "medium")
                    }
                }
            }
        }
    }

    func question(_ header: String, _ text: String, _ options: [(String, String)]) -> ModelItem {
        call("question") { writer in
            writer.key("questions")
            writer.array { list in
                list.object { question in
                    question.member("question", text)
                    question.member("header", header)
                    question.key("options")
                    question.array { choices in
                        for option in options {
                            choices.object { choice in
                                choice.member("label", option.0)
                                choice.member("description", option.1)
                            }
                        }
                    }
                }
            }
        }
    }

    /// A call whose arguments are no JSON.
    var brokenRead: ModelItem { .tool("read", arguments: isSecond ? #"{"path": 12"# : #"{"filePath": 12"#) }
}
