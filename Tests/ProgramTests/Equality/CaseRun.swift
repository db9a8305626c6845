// One case, from an empty project to the comparison with OpenCode.

import Foundation
import TestSupport
import Wire

struct CaseRun: Sendable {
    /// Those that were made by calls.
    private var sessions: [String] = []
    /// What OpenCode last gave of each session, and what its stream told of it.
    private var last: [(theirs: SessionContent, heard: [String: [UInt8]])] = []
    private(set) var outcome = CaseOutcome()
    private let mayBeCut: Bool
    private var projects: [String] = []

    static func of(_ equalityCase: EqualityCase, _ fixture: EqualityFixture) -> CaseRun {
        var run = CaseRun(equalityCase)
        do { try run.run(equalityCase, fixture) } catch {
            run.outcome.failure = "\(error)"
            fixture.deaths.leave()
        }
        return run
    }

    private init(_ equalityCase: EqualityCase) {
        mayBeCut = ["kill_", "term_", "service_", "provider_cut", "provider_unfinished", "provider-cut", "provider-unfinished"].contains {
            equalityCase.name.contains($0)
        }
    }

    private mutating func run(_ equalityCase: EqualityCase, _ fixture: EqualityFixture) throws {
        let project = try fixture.opencode.folder.addProject(equalityCase.name.replacing(" ", with: "-"))
        switch equalityCase.subject {
        case .word(let word): sessions = try ModelWordRun(word: word, fixture: fixture, project: project).run()
        case .recording(let name):
            for (word, other) in [("other_directory", "-other"), ("first_use", "-fresh")] where name == word {
                _ = try fixture.opencode.folder.addProject(name + other)
            }
            let recorded = RecordingRun(try RecordedScenario(name, equalityCase.generation), fixture, project: project)
            defer { outcome.remarks = recorded.remarks }
            try recorded.run()
            sessions = recorded.sessions
        }
        projects = [project, project + "-other"]
    }

    /// With OpenCode, when no case runs any more.
    mutating func compare(_ fixture: EqualityFixture) {
        do {
            for session in sessions { try SessionWait.finish(session, fixture) }
            let children = try Self.listed(fixture, projects).filter { !sessions.contains($0) }
            for session in children { try SessionWait.finish(session, fixture) }
            for session in sessions + children { try compare(session, fixture) }
        } catch { outcome.failure = outcome.failure ?? "\(error)" }
    }

    /// Children among them.
    private static func listed(_ fixture: EqualityFixture, _ projects: [String]) throws -> [String] {
        try projects.flatMap { project in
            let target = fixture.generation == .first ? "/session?directory=\(project)" : "/api/session?directory=\(project)&limit=100"
            let answer = try fixture.opencode.api.answer("GET", target)
            return ((fixture.generation == .first ? answer : answer?["data"])?.items ?? []).compactMap { $0["id"]?.string }
        }
    }

    /// Until the program has it as OpenCode has it: what it still has to hear or to read again comes as events.
    private mutating func compare(_ session: String, _ fixture: EqualityFixture) throws {
        var differences: [String] = []
        for _ in 0..<12 {
            let state = try fixture.api.ask("GET", "/v1/sessions/\(session)")
            let theirs = try SessionContent.theirs(session, fixture.opencode.api)
            let heard = fixture.stream.session(session).texts
            // A session that came and went before anybody heard its name is nowhere.
            if theirs.isGone, state.status == 404 { return }
            differences = difference(theirs, heard, fixture.api)
            if differences.isEmpty { return last.append((theirs, heard)) }
            let position = try JSON.parse(state.body, depth: 1024)["position"]?.string ?? "earliest"
            try fixture.api.waitForNews(of: session, after: position)
        }
        outcome.differences += differences
    }

    private func difference(_ theirs: SessionContent, _ heard: [String: [UInt8]], _ api: RelayAPI) -> [String] {
        do {
            return SessionComparison(ours: try .ours(theirs.session, api), theirs: theirs, mayBeCut: mayBeCut, heard: heard).differences
        } catch { return ["\(theirs.session): \(error)"] }
    }

    /// With the program alone.
    mutating func compareAgain(_ api: RelayAPI) {
        for (theirs, heard) in last { outcome.differences += difference(theirs, heard, api).map { "without OpenCode: \($0)" } }
    }
}
