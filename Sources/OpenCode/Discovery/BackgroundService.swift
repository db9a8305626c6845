// The person's own background service of 2.x, so that terminal and phone see the same sessions: found by its file, started where it is
// installed and does not run, never ended by us.

import Reactor

final class BackgroundService {
    /// From the start of `service start` until its file must name a living server.
    private static let patience = Duration.seconds(30)
    private static let pace = Duration.milliseconds(250)

    private let loop: EventLoop
    private let file: String

    init(loop: EventLoop, file: String) {
        self.loop = loop
        self.file = file
    }

    /// The service, if its process lives and its URL answers.
    func find(_ done: @escaping (UpstreamEndpoint?) -> Void) {
        guard let service = ServiceFile(path: file), ProcessIdentity(runningAs: service.processID) != nil else { return done(nil) }
        ServerProbe(loop: loop, endpoint: service.endpoint).ask { result in
            guard case .success(let answer) = result, answer.processID != nil else { return done(nil) }
            done(service.endpoint)
        }
    }

    /// Runs `opencode service start`, then waits for the file.
    func start(program: String, environment: [String: String], _ done: @escaping (UpstreamEndpoint?) -> Void) {
        let end = loop.now + Self.patience
        let command = ChildCommand(program: program, arguments: ["service", "start"], environment: environment)
        ProgramRun.start(loop: loop, command, within: Self.patience) { _, _ in self.waitForFile(until: end, done) }
    }

    private func waitForFile(until end: Instant, _ done: @escaping (UpstreamEndpoint?) -> Void) {
        find { endpoint in
            if endpoint != nil || self.loop.now >= end { return done(endpoint) }
            self.loop.schedule(after: Self.pace) { self.waitForFile(until: end, done) }
        }
    }
}
