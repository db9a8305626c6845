import Foundation
import Reactor
import RepriseClient
import Wire

/// `reprise demo`: the relay with an OpenCode of our own that plays scripts, in a process of its own.
enum DemoCommand: Subcommand {
    static let name = "demo"
    static let summary = "run the relay with a scripted OpenCode: nothing else is needed"
    static let usage = """
        usage: reprise demo [--listen HOST:PORT] [--data DIR] [--log-level LEVEL]

        The same as serve, with a scripted OpenCode, a data folder of its own that goes when it ends, and a session that talks already. Words in a
        prompt choose what is played: tools, question, think, long 200, flood 1000, fail. Anything else is greeted.
        """
    static let handlesSignals = true

    private static let flags: [Arguments.Flag] = [.value("--listen", "HOST:PORT"), .value("--data", "DIR"), .value("--log-level", "LEVEL")]

    static func run(_ words: [String]) throws {
        let arguments = try Arguments(words, flags: flags)
        var options = try RelayOptions(arguments)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reprise-demo-\(getpid())")
        let project = folder.appendingPathComponent("project")
        try FileManager.default.createDirectory(at: project, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let ends = Mailbox<String>(capacity: 1)
        let agent = try ScriptedProcess.start { _ = ends.post(always: $0) }
        defer { agent.end() }
        if arguments["--data"] == nil { options.folder = DataFolder(folder.appendingPathComponent("data").path) }
        options.location = .address(agent.endpoint)
        options.directories = [project.resolvingSymlinksInPath().path]
        try RelayProgram.run(options, refusals: ends) { url, token in Task { try? await talk(url, token) } }
    }

    /// A first session, so that there is something to look at.
    private static func talk(_ url: String, _ token: String) async throws {
        let client = try RepriseClient(url: url, token: token)
        defer { client.close() }
        for _ in 0..<100 {
            guard let id = try? await client.create(title: "A first session") else {
                try await Task.sleep(for: .milliseconds(100))
                continue
            }
            _ = try await client.prompt(session: id, "tools, please: add authentication")
            return
        }
    }
}
