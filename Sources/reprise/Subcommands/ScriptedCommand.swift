import Foundation
import ScriptedOpenCode

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
        let arguments = try Arguments(words, flags: flags)
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
