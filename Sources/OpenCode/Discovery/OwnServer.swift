// An OpenCode 1.x that runs as our child: started on a port and with a password of chance, found again after a crash of ours, started anew
// when it dies, ended with us. Its output goes to a file, so that it does not depend on our life; the URL is read from there.

import Foundation
import Reactor

final class OwnServer {
    struct Options {
        var program: String
        var version: String
        var config: String?
        var dataFolder: String
        var environment: [String: String]
        /// Where it starts.
        var directory: String?
        /// Beyond, its log begins anew; looked at so often.
        var logBytes = 16 << 20
        var logPace = Duration.seconds(60)
    }

    private enum State {
        case down
        case starting
        case up(UpstreamEndpoint)
        case stopped
    }

    private static let startPatience = Duration.seconds(60)
    /// From SIGTERM to SIGKILL.
    static let stopPatience = Duration.seconds(5)
    private static let pace = Duration.milliseconds(100)
    /// One that lived so long did not fail at its start.
    private static let steadyLife = Duration.seconds(60)

    private let loop: EventLoop
    private let options: Options
    private let stamp: ProgramStamp?
    private let logger: Logger
    private var random = SystemRandomNumberGenerator()
    private var backoff = Backoff(base: .milliseconds(500), cap: .seconds(30))
    private var state = State.down
    private var waiting: [(LauncherAnswer) -> Void] = []
    private var child: ChildProcess?
    private var process: ProcessIdentity?
    private var watch: ProcessWatch?
    private var upSince: Instant?
    private var hasFailed = false
    private var stopping: [() -> Void] = []
    /// Raised with every start and end: what an older one had put off is void.
    private var start = 0

    init(loop: EventLoop, options: Options, logger: Logger) {
        self.loop = loop
        self.options = options
        self.logger = logger
        stamp = ProgramStamp(options.program)
    }

    private var log: String { options.dataFolder + "/opencode.log" }

    /// Nothing runs and nothing starts.
    var isDown: Bool { if case .down = state { true } else { false } }

    /// The program in PATH is still the one that this server runs.
    func isInstalled(_ environment: [String: String]) -> Bool {
        guard let program = InstalledOpenCode.find(environment) else { return false }
        return program == options.program && ProgramStamp(program) == stamp
    }

    func locate(_ done: @escaping (LauncherAnswer) -> Void) {
        switch state {
        case .up(let endpoint): done(found(endpoint))
        case .stopped: done(.none("Reprise is ending"))
        case .starting: waiting.append(done)
        case .down:
            waiting.append(done)
            state = .starting
            start += 1
            let start = start
            let pause = hasFailed ? backoff.next(using: &random) : .zero
            loop.schedule(after: pause) { if start == self.start { self.adopt() } }
        }
    }

    private func found(_ endpoint: UpstreamEndpoint) -> LauncherAnswer {
        .found(endpoint, how: "OpenCode \(options.version), started by Reprise (pid \(process?.processID ?? 0))")
    }

    // Taking back.

    private func adopt() {
        guard let record = ChildRecord(folder: options.dataFolder), record.process.isRunning, let endpoint = record.endpoint else {
            return launch()
        }
        let start = start
        ServerProbe(loop: loop, endpoint: endpoint).ask { result in
            guard start == self.start else { return }
            guard case .success = result, self.follow(record.process) else {
                record.process.kill()
                return self.launch()
            }
            self.logger.info("opencode taken back", [("pid", "\(record.process.processID)"), ("url", endpoint.description)])
            self.isUp(endpoint)
        }
    }

    private func follow(_ process: ProcessIdentity) -> Bool {
        let start = start
        guard let watch = try? ProcessWatch(loop: loop, process: process.processID, { if start == self.start { self.died("it ended") } })
        else { return false }
        // Between record and watch its number may have become another's.
        guard process.isRunning else {
            watch.cancel()
            return false
        }
        self.watch = watch
        self.process = process
        return true
    }

    // Starting.

    private func launch() {
        let password = InstalledOpenCode.password(&random)
        let port = UInt16.random(in: 20_000..<60_000, using: &random)
        var command = ChildCommand(
            program: options.program, arguments: ["serve", "--port", "\(port)", "--hostname", "127.0.0.1"],
            environment: InstalledOpenCode.environment(options.environment, password: password, config: options.config),
            directory: options.directory)
        try? FileManager.default.removeItem(atPath: log)
        command.output = .file(log)
        command.errors = .file(log)
        command.hasOwnGroup = true
        let start = start
        do {
            let child = try ChildProcess(loop: loop, command, onExit: { status in if start == self.start { self.died("\(status)") } })
            self.child = child
            process = ProcessIdentity(runningAs: child.processID)
            record("http://127.0.0.1:\(port)", password)
        } catch { return died("it could not be started: \(error)") }
        waitForLine(until: loop.now + Self.startPatience, password)
    }

    /// Before it listens already: a crash of ours must not leave it behind unknown.
    private func record(_ url: String, _ password: String) {
        guard let process else { return }
        do { try ChildRecord(process: process, url: url, password: password).write(folder: options.dataFolder) } catch {
            logger.warning("opencode.json was not written", [("why", "\(error)")])
        }
    }

    private func waitForLine(until end: Instant, _ password: String) {
        guard case .starting = state else { return }
        let start = start
        if let url = InstalledOpenCode.listeningURL(printed), var endpoint = try? UpstreamEndpoint(url: url, environment: [:]) {
            endpoint.authorization = UpstreamEndpoint.basic(user: "opencode", password: password)
            record(url, password)
            logger.info(
                "opencode started", [("pid", "\(process?.processID ?? 0)"), ("version", options.version), ("url", endpoint.description)])
            return isUp(endpoint)
        }
        guard loop.now < end else {
            child?.kill()
            return died("it did not listen within \(Self.startPatience)")
        }
        loop.schedule(after: Self.pace) { if start == self.start { self.waitForLine(until: end, password) } }
    }

    /// By a handle: `FileManager.contents` loses 4 KiB for each look at a file that is empty yet.
    private var printed: String {
        let bytes = try? FileHandle(forReadingFrom: URL(filePath: log)).read(upToCount: 64 << 10)
        return String(decoding: bytes ?? Data(), as: UTF8.self)
    }

    private func isUp(_ endpoint: UpstreamEndpoint) {
        state = .up(endpoint)
        upSince = loop.now
        tell(found(endpoint))
        boundLog()
    }

    /// It appends to its log as long as it lives, and nobody but us looks after the file: its URL is read, so it may go.
    private func boundLog() {
        let start = start
        let bytes = (try? FileManager.default.attributesOfItem(atPath: log))?[.size] as? Int ?? 0
        if bytes > options.logBytes, let file = FileHandle(forWritingAtPath: log) { try? file.truncate(atOffset: 0) }
        loop.schedule(after: options.logPace) { [weak self] in if let self, start == self.start { boundLog() } }
    }

    // Ending.

    private func died(_ why: String) {
        start += 1
        ChildRecord.remove(folder: options.dataFolder)
        (child, watch, process) = (nil, nil, nil)
        if case .stopped = state { return ended() }
        if let upSince, loop.now - upSince >= Self.steadyLife { backoff.reset() }
        (state, upSince, hasFailed) = (.down, nil, true)
        logger.warning("opencode ended", [("why", why), ("log", log)])
        tell(.failed("OpenCode \(options.version), started by Reprise: \(why)"))
    }

    private func tell(_ location: LauncherAnswer) {
        let asking = waiting
        waiting = []
        for done in asking { done(location) }
    }

    /// Ends the server; `done` when it is gone.
    func stop(_ done: @escaping () -> Void) {
        stopping.append(done)
        if case .stopped = state { return }
        state = .stopped
        tell(.none("Reprise is ending"))
        if process == nil { takeRecorded() }
        guard let process, process.isRunning else { return ended() }
        if let child { child.terminate() } else { process.terminate() }
        loop.schedule(after: Self.stopPatience) {
            guard self.process != nil else { return }
            if let child = self.child { child.kill() } else { process.kill() }
        }
    }

    /// One that is just being taken back is a child of ours as well: what its probe says is void, and its end is waited for.
    private func takeRecorded() {
        start += 1
        guard let record = ChildRecord(folder: options.dataFolder), !follow(record.process) else { return }
        record.process.terminate()
    }

    private func ended() {
        ChildRecord.remove(folder: options.dataFolder)
        let asking = stopping
        stopping = []
        for done in asking { done() }
    }
}
