import Foundation
import OpenCode
import Reactor
import RepriseClient
import ScriptedOpenCode
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
        let arguments = try Arguments(words, flags: flags, operands: 0...0)
        var options = try RelayOptions(arguments)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reprise-demo-\(getpid())")
        let project = folder.appendingPathComponent("project")
        try FileManager.default.createDirectory(at: project, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let agent = try ScriptedProcess.start()
        defer { agent.end() }
        if arguments["--data"] == nil { options.folder = DataFolder(folder.appendingPathComponent("data").path) }
        options.location = .address(agent.endpoint)
        options.directories = [project.resolvingSymlinksInPath().path]
        try RelayProgram.run(options) { url, token in Task { try? await talk(url, token) } }
    }

    /// A first session, so that there is something to look at.
    private static func talk(_ url: String, _ token: String) async throws {
        let client = try RepriseClient(url: url, token: token)
        defer { client.close() }
        for _ in 0..<100 {
            guard let answer = try? await client.command("/v1/sessions", body: Array(#"{"title":"A first session"}"#.utf8)),
                let id = (try? JSON.parse(answer))?["id"]?.string
            else {
                try await Task.sleep(for: .milliseconds(100))
                continue
            }
            _ = try await client.prompt(session: id, "tools, please: add authentication")
            return
        }
    }
}

/// The scripted OpenCode as a child of this program.
struct ScriptedProcess {
    private let process: Process
    private let input: Pipe
    let endpoint: UpstreamEndpoint

    static func start() throws -> ScriptedProcess {
        let password = DataFolder.newToken()
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [ScriptedCommand.name]
        process.environment = ["OPENCODE_PASSWORD": password, "PATH": "/usr/bin:/bin"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 { line.append(byte) }
        let url = String(decoding: line, as: UTF8.self)
        let endpoint = try UpstreamEndpoint(url: url, environment: ["OPENCODE_PASSWORD": password])
        return ScriptedProcess(process: process, input: input, endpoint: endpoint)
    }

    func end() {
        process.terminate()
        process.waitUntilExit()
    }
}

/// What the demo runs beside itself; not in the list. Ends when the demo does, so it never outlives it.
enum ScriptedCommand: Subcommand {
    static let name = "scripted-opencode"
    static let summary = "an OpenCode that plays scripts"
    static let usage = """
        usage: reprise scripted-opencode [--generation 1|2] [--port N] [--rate WORDS] [--service]     (password: OPENCODE_PASSWORD)

        `POST /scripted/fault` makes something go wrong: {"fault":"cut"}, and others.
        """
    static let handlesSignals = true

    static func run(_ words: [String]) throws {
        let flags: [Arguments.Flag] = [
            .value("--generation", "1|2"), .value("--port", "N"), .value("--rate", "WORDS"), .switch("--service"),
        ]
        let arguments = try Arguments(words, flags: flags, operands: 0...0)
        guard let generation = ScriptedGeneration(rawValue: arguments["--generation"] ?? "2") else {
            throw UsageError("--generation is 1 or 2")
        }
        var options = ScriptedOptions(generation)
        options.isService = arguments.has("--service")
        if let rate = try arguments.number("--rate", 1...1_000_000) { options.wordsPerSecond = rate }
        let port = try arguments.number("--port", UInt16.min...UInt16.max) ?? 0
        let password = ProcessInfo.processInfo.environment["OPENCODE_PASSWORD"]
        try ScriptedOpenCode.runProgram(port: port, password: password, options: options) { url in
            FileHandle.standardOutput.write(Data("\(url)\n".utf8))
        }
    }
}
