// One play on its stage, from an empty project to the comparison with OpenCode.

import Foundation
import TestSupport
import Wire

struct Performance: Sendable {
    /// Those that were made by calls.
    private var sessions: [String] = []
    /// What OpenCode last gave of each session, and what an ear heard of it.
    private var last: [(theirs: SessionStory, heard: [String: [UInt8]])] = []
    private(set) var outcome = PlayOutcome()
    private let mayBeCut: Bool
    private var projects: [String] = []

    static func of(_ play: Play, _ company: Company) -> Performance {
        var performance = Performance(play)
        do { try performance.give(play, company) } catch {
            performance.outcome.failure = "\(error)"
            company.deaths.leave()
        }
        return performance
    }

    private init(_ play: Play) {
        mayBeCut = ["kill_", "term_", "service_", "provider_cut", "provider_unfinished", "provider-cut", "provider-unfinished"].contains {
            play.name.contains($0)
        }
    }

    private mutating func give(_ play: Play, _ company: Company) throws {
        let project = try company.opencode.folder.addProject(play.name.replacing(" ", with: "-"))
        switch play.subject {
        case .word(let word): sessions = try WordPlay(word: word, company: company, project: project).play()
        case .recording(let name):
            for (word, other) in [("other_directory", "-other"), ("first_use", "-fresh")] where name == word {
                _ = try company.opencode.folder.addProject(name + other)
            }
            let recorded = RecordedPlay(try RecordedScenario(name, play.generation), company, project: project)
            defer { outcome.remarks = recorded.remarks }
            try recorded.play()
            sessions = recorded.sessions
        }
        projects = [project, project + "-other"]
    }

    /// With OpenCode, when no play is given any more.
    mutating func compare(_ company: Company) {
        do {
            for session in sessions { try Quiet.reach(session, company) }
            let children = try Self.listed(company, projects).filter { !sessions.contains($0) }
            for session in children { try Quiet.reach(session, company) }
            for session in sessions + children { try compare(session, company) }
        } catch { outcome.failure = outcome.failure ?? "\(error)" }
    }

    /// Children among them.
    private static func listed(_ company: Company, _ projects: [String]) throws -> [String] {
        try projects.flatMap { project in
            let target = company.generation == .first ? "/session?directory=\(project)" : "/api/session?directory=\(project)&limit=100"
            let answer = try company.opencode.door.answer("GET", target)
            return ((company.generation == .first ? answer : answer?["data"])?.items ?? []).compactMap { $0["id"]?.string }
        }
    }

    /// Until the program has it as OpenCode has it: what it still has to hear or to read again comes as events.
    private mutating func compare(_ session: String, _ company: Company) throws {
        var differences: [String] = []
        for _ in 0..<12 {
            let state = try company.door.ask("GET", "/v1/sessions/\(session)")
            let theirs = try SessionStory.theirs(session, company.opencode.door)
            let heard = company.ear.session(session).texts
            // A session that came and went before anybody heard its name is nowhere.
            if theirs.isGone, state.status == 404 { return }
            differences = difference(theirs, heard, company.door)
            if differences.isEmpty { return last.append((theirs, heard)) }
            let position = try JSON.parse(state.body, depth: 1024)["position"]?.string ?? "earliest"
            try company.door.waitForNews(of: session, after: position)
        }
        outcome.differences += differences
    }

    private func difference(_ theirs: SessionStory, _ heard: [String: [UInt8]], _ door: RelayDoor) -> [String] {
        do {
            return StoryComparison(ours: try .ours(theirs.session, door), theirs: theirs, mayBeCut: mayBeCut, heard: heard).differences
        } catch { return ["\(theirs.session): \(error)"] }
    }

    /// With the program alone.
    mutating func compareAgain(_ door: RelayDoor) {
        for (theirs, heard) in last { outcome.differences += difference(theirs, heard, door).map { "without OpenCode: \($0)" } }
    }
}
