// What the server and a directory tell about themselves: the same for every directory.

import Wire

extension ScriptedAgent2 {
    static let agents = ["build", "plan", "general"]
    static let models = ["scripted", "scripted-mini"]
    static let standardModel = Array(#"{"id":"scripted","providerID":"mock"}"#.utf8)

    var info: [UInt8] {
        JSONWriter.object { writer in
            writer.member("version", version)
            writer.member("pid", options.pid)
            writer.member("urls", strings: [])
        }
    }

    func lookUp(_ request: ScriptedRequest) -> ScriptedReply {
        switch request.path.joined(separator: "/") {
        case "agent": located(request, JSONWriter.list(Self.agents.map(Self.agentJSON)))
        case "model": located(request, JSONWriter.list(Self.models.map(Self.modelJSON)))
        case "model/default": located(request, Self.modelJSON("scripted"))
        case "provider": located(request, Array(#"[{"id":"mock","name":"Scripted","activation":"enabled"}]"#.utf8))
        case "command": located(request, Array(#"[{"name":"init","description":"guided AGENTS.md setup"}]"#.utf8))
        case "vcs": located(request, Array(#"{"provider":"git","branch":{"current":"main","default":"main"}}"#.utf8))
        case "skill", "vcs/status", "shell", "fs/find": located(request, Array("[]".utf8))
        case "project": .json(JSONWriter.list([projectJSON]))
        case "location": .json(locationJSON)
        default: .nowhere
        }
    }

    private static func agentJSON(_ id: String) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("name", id.prefix(1).uppercased() + id.dropFirst())
            writer.member("description", "The scripted agent \(id).")
            writer.member("mode", id == "general" ? "subagent" : "primary")
            writer.member("hidden", false)
        }
    }

    private static func modelJSON(_ id: String) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("modelID", id)
            writer.member("providerID", "mock")
            writer.member("name", id == "scripted" ? "Scripted" : "Scripted mini")
            writer.member("capabilities", raw: Array(#"{"tools":true,"input":["text"],"output":["text"]}"#.utf8))
            writer.member("variants", raw: Array(#"[{"id":"low"},{"id":"high"}]"#.utf8))
            writer.member("status", "active")
            writer.member("enabled", true)
            writer.member("limit", raw: Array(#"{"context":200000,"output":32000}"#.utf8))
        }
    }

    private var projectJSON: [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", ScriptedSession2.project)
            writer.member("canonical", options.directory)
            writer.member("vcs", "git")
            writer.member("sandboxes", strings: [])
        }
    }

    private var locationJSON: [UInt8] {
        JSONWriter.object { writer in
            writer.member("directory", options.directory)
            writer.key("project")
            writer.object { project in
                project.member("id", ScriptedSession2.project)
                project.member("directory", options.directory)
                project.member("canonical", options.directory)
            }
        }
    }
}
