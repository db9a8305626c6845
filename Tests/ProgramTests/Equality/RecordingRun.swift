// Runs a recording again. What the program has a command for goes through it, everything else straight to OpenCode; each call is made when
// as much was heard as had been heard before it then.

import Foundation
import Glibc
import Reactor
import TestSupport
import Wire

final class RecordingRun {
    /// What OpenCode had carried out, the program has refused.
    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    /// For what a call cannot be made without.
    private static let longPatience = Duration.seconds(60)

    /// A run that once goes otherwise than it went will not wait long again.
    private static let shortPatience = Duration.seconds(5)

    private let recording: RecordedScenario
    private var patience = RecordingRun.longPatience
    private let fixture: EqualityFixture
    private let project: String
    private var names: RecordedIDMap
    private var overlapping: [BlockingQueue<Void>] = []
    /// Where it did not go as it had gone: no fault by itself.
    private(set) var remarks: [String] = []

    init(_ recording: RecordedScenario, _ fixture: EqualityFixture, project: String) {
        (self.recording, self.fixture, self.project) = (recording, fixture, project)
        names = RecordedIDMap(
            recording.heard,
            folders: [("/home/dev/project", project), ("/home/dev/other", project + "-other"), ("/home/dev/fresh", project + "-fresh")])
    }

    /// The sessions that were made by calls, here.
    var sessions: [String] { names.sessions.values.sorted() }
    private var generation: OpenCodeGeneration { fixture.generation }

    func run() throws {
        // Reads alone are made for their own sake; beside others they change nothing.
        let isAllReads = !recording.steps.contains { if case .call(let call) = $0 { call.method != "GET" } else { false } }
        for step in recording.steps {
            switch step {
            case .note(let text, let moment):
                if text.hasPrefix("kill ") { wait(for: moment, before: text) }
                try act(text)
            case .call(let call) where call.method != "GET" || isAllReads: try make(call)
            case .call: break
            }
        }
        for thread in overlapping { _ = thread.takeAll(within: Self.longPatience) }
        wait(for: recording.end, before: "the end")
    }

    // What was done besides.

    private func act(_ text: String) throws {
        switch text {
        case "kill -9 (server)": try fixture.die(SIGKILL)
        case "kill -15 (server)": try fixture.die(SIGTERM)
        case _ where text.hasPrefix("git checkout "):
            _ = try NodeProgram.run("git", ["-C", project] + text.split(separator: " ").dropFirst().map(String.init))
        case "a new file": try Data("new\n".utf8).write(to: URL(filePath: project + "/new.txt"))
        case "opencode.json changed":
            let file = URL(filePath: project + "/opencode.json")
            try (try Data(contentsOf: file) + Data("\n".utf8)).write(to: file)
        case _ where text.contains(" renames in "):
            try RenameFlood(fixture, names.sessions.values.first ?? "", clients: text.hasPrefix("12000") ? 4 : 1).run()
        default: break
        }
    }

    // Calls.

    private func make(_ call: RecordedScenario.Call) throws {
        wait(for: call.moment, before: "\(call.method) \(call.target)")
        let target = try names.translated(call.target) { try resolve($0, call) }
        let body = try names.translated(call.body) { try resolve($0, call) }
        let route = route(call, target: target, body: body)
        if case .program(let path, _) = route { try? waitUntilSeen(path) }
        guard call.isOverlapped || Self.isSlow(call) else { return try finish(call, send(call, route)) }
        // Not waited for, as it was not then.
        let (done, started) = (BlockingQueue<Void>(), BlockingQueue<Void>())
        overlapping.append(done)
        let (fixture, isAuthorized) = (fixture, call.isAuthorized)
        Thread.detachNewThread {
            started.post(always: ())
            _ = try? Self.send(route, fixture, isAuthorized: isAuthorized)
            done.post(always: ())
        }
        _ = started.take()
    }

    /// Whoever gives a command has seen what it is about.
    private func waitUntilSeen(_ path: String) throws {
        let words = path.split(separator: "/").map(String.init)
        guard words.count > 2 else { return }
        if words.last == "chat" { try SessionWait.untilIdle(words[2], fixture) }
        if words.count == 5 { try SessionWait.untilTold(words[4], by: path, fixture) }
    }

    /// Answered when its work is done.
    private static func isSlow(_ call: RecordedScenario.Call) -> Bool {
        let path = call.target.split(separator: "?").first ?? ""
        return call.method == "POST" && ["/command", "/shell", "/summarize"].contains { path.hasSuffix($0) }
    }

    /// Until as much was heard as then; and until nothing runs where nothing ran.
    private func wait(for moment: RecordedScenario.Moment, before what: String) {
        let wanted = moment.counts.compactMap { recorded, counts in names.sessions[recorded].map { ($0, counts) } }
        do {
            try fixture.stream.wait(for: "what had happened before \(what)", within: patience) { heard in
                wanted.allSatisfy { session, counts in counts.allSatisfy { (heard.sessions[session]?.counts[$0.key] ?? 0) >= $0.value } }
            }
        } catch {
            remarks.append("before \(what): \(missing(wanted))")
            patience = Self.shortPatience
        }
        for recorded in moment.counts.keys where !moment.busy.contains(recorded) {
            if let session = names.sessions[recorded] { try? SessionWait.untilIdle(session, fixture) }
        }
    }

    private func missing(_ wanted: [(String, [String: Int])]) -> [String] {
        wanted.flatMap { session, counts in
            let heard = fixture.stream.session(session).counts
            return counts.filter { (heard[$0.key] ?? 0) < $0.value }.map { "\($0.key) \(heard[$0.key] ?? 0) of \($0.value)" }
        }
    }

    /// The id here; one that nobody had heard of yet is the caller's own.
    private func resolve(_ id: String, _ call: RecordedScenario.Call) throws -> String {
        guard let place = names.place(of: id), let session = names.sessions[place.recordedSession] else { return id }
        if place.kind == "user", (call.moment.counts[place.recordedSession]?["user"] ?? 0) <= place.index { return id }
        var kind = place.kind
        if kind.hasPrefix(StreamTally.partKind) {
            let message = String(kind.dropFirst(StreamTally.partKind.count))
            kind = StreamTally.partKind + (try resolve(message, call))
            // A part of a prompt that its caller named.
            if kind == place.kind { return id }
        }
        let wanted = kind
        try fixture.stream.wait(for: "\(kind) \(place.index) of \(session)", within: Self.longPatience) { heard in
            (heard.sessions[session]?.ids[wanted]?.count ?? 0) > place.index
        }
        return fixture.stream.session(session).ids[kind]?[place.index] ?? id
    }

    private func route(_ call: RecordedScenario.Call, target: String, body: String) -> RoutedCall {
        let straight = RoutedCall.straight(call.method, target, body)
        let isWellMade = (200..<300).contains(call.status ?? 0)
        var owner: String?
        for (recorded, session) in recording.heard.sessions {
            for id in (session.ids["permission"] ?? []) + (session.ids["question"] ?? []) where call.target.contains(id) {
                owner = names.sessions[recorded]
            }
        }
        let session = call.target.split(whereSeparator: { "/?".contains($0) }).first { $0.hasPrefix("ses_") }.map(String.init)
        let isIdle = session.map { !call.moment.busy.contains($0) } ?? true
        return CommandMapping.of(generation, call.method, target, body, asker: owner, isIdle: isIdle, isWellMade: isWellMade) ?? straight
    }

    private func send(_ call: RecordedScenario.Call, _ route: RoutedCall) throws -> JSONValue? {
        let answer = try insist(route, isAuthorized: call.isAuthorized)
        if case .straight = route, let status = call.status, status != answer.status {
            remarks.append("\(call.method) \(call.target) answered \(answer.status), not \(status)")
        }
        if case .program = route, !(200..<300).contains(answer.status), (200..<300).contains(call.status ?? 0) {
            let what = "\(call.method) \(call.target) answered \(answer.status) \(answer.text.prefix(200))"
            let refusal = Refused(description: "through the program, \(what)")
            // Two cards that are answered at once: which comes first is OpenCode's.
            guard answer.status == 409, answer.text.contains("already_answered") else { throw refusal }
            remarks.append("\(refusal)")
        }
        return try? JSON.parse(answer.body, depth: 1024)
    }

    /// The program may have been behind when it said that nothing runs: what it hears of a run since makes the session busy. Whoever is told so
    /// waits and sends the prompt again, once. And a create that OpenCode has not carried out yet is sent again, under its id.
    private func insist(_ route: RoutedCall, isAuthorized: Bool) throws -> PlainExchange {
        let answer = try Self.send(route, fixture, isAuthorized: isAuthorized)
        guard case .program(let path, _) = route else { return answer }
        let isBusy = answer.status == 409 && answer.text.contains("session_busy")
        guard isBusy || answer.status == 202 && path == "/v1/sessions" else { return answer }
        if isBusy { try waitUntilSeen(path) }
        return try Self.send(route, fixture, isAuthorized: isAuthorized)
    }

    private static func send(_ route: RoutedCall, _ fixture: EqualityFixture, isAuthorized: Bool) throws -> PlainExchange {
        switch route {
        case .program(let path, let body): try fixture.api.ask("POST", path, body)
        case .straight(let method, let target, let body):
            try PlainExchange.ask(
                fixture.opencode.port, method, target,
                headers: (isAuthorized ? [fixture.opencode.authorization] : [])
                    + (body.isEmpty ? [] : [("content-type", "application/json")]), body: body)
        }
    }

    private func finish(_ call: RecordedScenario.Call, _ answer: JSONValue?) throws {
        let (then, now) = (call.answer?["data"] ?? call.answer, answer?["data"] ?? answer)
        guard let session = then?["id"]?.string, session.hasPrefix("ses_"), call.method == "POST" else { return }
        names.note(session: session, is: now?["id"]?.string)
    }
}
