// The folder that a real OpenCode runs in, apart from everything of the person's: a home, a launcher in `bin` that sets the environment, and
// a project, which is a git repository whose `opencode.json` names the scripted model and has edits and commands asked for.

import Foundation
import Wire

public struct OpenCodeFolder: Sendable {
    public let path: String
    let generation: OpenCodeGeneration
    private let modelPort: UInt16

    public var project: String { path + "/project" }
    public var home: String { path + "/home" }
    /// To be put first in PATH, so that `opencode` is this one.
    public var bin: String { path + "/bin" }
    public var launcher: String { bin + "/opencode" }
    /// Where the projects of `addProject` are.
    public var projects: String { path + "/projects" }
    /// What the server wrote, all starts together.
    public var log: String { path + "/opencode.log" }

    /// What a program must be started with to find this OpenCode as a person's own.
    public var environment: [String: String] {
        ["PATH": "\(bin):/usr/local/bin:/usr/bin:/bin"].merging(places.map { ($0.0, $0.1) }) { $1 }
    }

    /// Lays out a new folder. `remove` it.
    public init(_ generation: OpenCodeGeneration, binary: String, modelPort: UInt16, password: String) throws {
        (self.generation, self.modelPort) = (generation, modelPort)
        let folder = FileManager.default.temporaryDirectory.appending(path: "opencode-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.resolvingSymlinksInPath().path()
        for part in [home + "/.config", bin, projects] {
            try FileManager.default.createDirectory(atPath: part, withIntermediateDirectories: true)
        }
        try write(launcher, script(binary, password))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: launcher)
        for part in [path, projects] { try write(part + "/outside.txt", "a file outside of the project\n") }
        try layOut(project)
    }

    public func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Another project beside the first, a repository of its own.
    public func addProject(_ name: String) throws -> String {
        let project = "\(projects)/\(name)"
        try layOut(project)
        return project
    }

    /// Has a project use this folder's model, in the words of this generation.
    public func configure(_ project: String) throws {
        let text = generation == .first ? Self.firstConfiguration(modelPort) : Self.secondConfiguration(modelPort)
        try write(project + "/opencode.json", text)
    }

    private func layOut(_ project: String) throws {
        try FileManager.default.createDirectory(atPath: project + "/.opencode/command", withIntermediateDirectories: true)
        try configure(project)
        try write(project + "/app.py", "def index():\n    return 'hello'\n")
        try write(project + "/.opencode/command/greet.md", "---\ndescription: Say hello\n---\nhello from a command: $ARGUMENTS\n")
        try commit(project)
    }

    private var places: [(String, String)] {
        [
            ("HOME", home), ("XDG_DATA_HOME", home + "/.local/share"), ("XDG_CONFIG_HOME", home + "/.config"),
            ("XDG_STATE_HOME", home + "/.local/state"), ("XDG_CACHE_HOME", home + "/.cache"),
        ]
    }

    /// What the launcher sets, for whoever starts the binary itself.
    private func settings(_ password: String) -> [(String, String)] {
        let quiet = ["OPENCODE_DISABLE_MODELS_FETCH", "OPENCODE_DISABLE_AUTOUPDATE", "OPENCODE_DISABLE_LSP_DOWNLOAD"].map { ($0, "1") }
        return places + quiet + [(generation == .first ? "OPENCODE_SERVER_PASSWORD" : "OPENCODE_PASSWORD", password)]
    }

    private func script(_ binary: String, _ password: String) -> String {
        let exports = settings(password).map { name, value in
            // A password that the caller chose wins over ours.
            name.hasSuffix("PASSWORD") ? "export \(name)=\"${OPENCODE_SERVER_PASSWORD:-\(value)}\"" : "export \(name)='\(value)'"
        }
        let others =
            ["OPENCODE_CONFIG", "OPENCODE_CONFIG_DIR", "OPENCODE_CONFIG_CONTENT", "OPENCODE_DB"]
            + (generation == .second ? ["OPENCODE_SERVER_PASSWORD"] : [])
        return (["#!/bin/sh"] + exports + ["unset \(others.joined(separator: " "))", "exec '\(binary)' \"$@\"", ""]).joined(separator: "\n")
    }

    private func write(_ path: String, _ text: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }

    /// A project's first commit is what OpenCode knows it by: each has one of its own.
    private func commit(_ project: String) throws {
        let git = ["-C", project, "-c", "user.name=test", "-c", "user.email=test@example.invalid"]
        for arguments in [["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", project]] {
            let status = try NodeProgram.run("git", git + arguments).status
            guard status == 0 else { throw RealOpenCodeError.preparation("git \(arguments[0]) ended with \(status)") }
        }
    }
}

extension OpenCodeFolder {
    private static func firstConfiguration(_ port: UInt16) -> String {
        """
        {"$schema":"https://opencode.ai/config.json","autoupdate":false,"share":"disabled","model":"mock/scripted","small_model":"mock/scripted",
         "permission":{"bash":"ask","edit":"ask"},
         "provider":{"mock":{"npm":"@ai-sdk/openai-compatible","name":"Scripted","options":{"baseURL":"http://127.0.0.1:\(port)/v1","apiKey":"x"},
          "models":{"scripted":{"name":"Scripted","tool_call":true,"reasoning":true,"attachment":true,"limit":{"context":200000,"output":32000},
                                "modalities":{"input":["text","image","pdf"],"output":["text"]}},
                    "scripted-mini":{"name":"Scripted mini","tool_call":true,"limit":{"context":200000,"output":32000}}}}}}
        """
    }

    private static func secondConfiguration(_ port: UInt16) -> String {
        """
        {"$schema":"https://opencode.ai/config.json","update":"disable","share":"disabled","model":{"providerID":"mock","model":"scripted"},
         "agents":{"title":{"model":{"providerID":"mock","model":"scripted"}}},
         "permissions":[{"action":"shell","resource":"*","effect":"ask"},{"action":"edit","resource":"*","effect":"ask"}],
         "experimental":{"policies":[{"action":"provider.use","resource":"*","effect":"deny"},{"action":"provider.use","resource":"mock","effect":"allow"}]},
         "providers":{"mock":{"package":"@opencode/ai/providers/openai-compatible","name":"Scripted",
          "settings":{"baseURL":"http://127.0.0.1:\(port)/v1","apiKey":"x"},
          "models":{"scripted":{"name":"Scripted","capabilities":{"tools":true,"input":["text","image","pdf"],"output":["text"]},"limit":{"context":200000,"output":32000}},
                    "scripted-mini":{"name":"Scripted mini","capabilities":{"tools":true,"input":["text"],"output":["text"]},"limit":{"context":200000,"output":32000}}}}}}
        """
    }
}
