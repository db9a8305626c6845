// A relay whose syncs are traced, in front of a real OpenCode where its binary is there, else of the scripted one.

import TestSupport
import Testing
import Wire

final class TracedFixture {
    private static let password = "a-password-for-tests-only"

    private let real: RealOpenCode?
    private let scripted: RunningProgram?
    let relay: RelayProcess
    let folder: TestFolder

    init(_ generation: OpenCodeGeneration, _ injection: String) throws {
        folder = try TestFolder()
        let (url, password, directory): (String, String, String)
        if generation.binary != nil {
            let real = try RealOpenCode(generation)
            (self.real, scripted) = (real, nil)
            (url, password, directory) = (real.url, real.password, real.project)
        } else {
            let words = ["scripted-opencode", "--generation", generation == .first ? "1" : "2"]
            let scripted = try Reprise.start(words, in: folder, environment: ["OPENCODE_PASSWORD": Self.password])
            (real, self.scripted) = (nil, scripted)
            (url, password, directory) = (try #require(try scripted.line()), Self.password, folder["project"])
        }
        relay = try RelayProcess(
            ["--opencode", url, "--directory", directory], in: folder, environment: ["OPENCODE_PASSWORD": password],
            wrapper: Tracer.command(injection, to: folder["trace"]))
        try relay.program.error(with: "upstream connected")
    }

    deinit { real?.stop() }
}

/// What happened, and when: seconds since 1970.
struct TimedAnswer: Sendable {
    /// It was asked; or the log has said that it was about to store it.
    let begin: Double
    /// It was answered, or heard.
    let end: Double
}
