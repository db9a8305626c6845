// `--opencode`, carried out: (1) the person's own background service, if it lives; (2) else the first `opencode` in PATH: of 2.x its service
// is started, of 1.x a child of ours; (3) else none. Which and why is logged once and told with each answer.

import Reactor

/// Finds OpenCode as `--opencode` says. Confined to its loop.
public final class Launcher {
    public struct Options: Sendable {
        public var location: OpenCodeLocation
        /// The file that a child of ours gets as `OPENCODE_CONFIG`.
        public var config: String?
        /// Must exist: holds `opencode.json` and `opencode.log` of a child of ours.
        public var dataFolder: String
        public var environment: [String: String]
        /// Where a child of ours starts; ours if nil.
        public var directory: String?
        /// What `opencode --version` may take.
        public var versionPatience = Duration.seconds(5)

        public init(
            location: OpenCodeLocation, config: String? = nil, dataFolder: String, environment: [String: String], directory: String? = nil
        ) {
            self.location = location
            self.config = config
            self.dataFolder = dataFolder
            self.environment = environment
            self.directory = directory
        }
    }

    private let loop: EventLoop
    private let options: Options
    private let logger: Logger
    private var own: OwnServer?
    /// A program that is of no use: not run again to be asked the same.
    private var useless: UnusableProgram?
    private var isStopped = false
    private var lastSaid: String?

    /// Called when the config that was given cannot be used, because the OpenCode that was found is not ours to configure: the start fails.
    public var onRefusal: (String) -> Void = { _ in }

    public init(loop: EventLoop, options: Options, logger: Logger) {
        self.loop = loop
        self.options = options
        self.logger = logger
    }

    /// Where OpenCode is now: asked before each connection, because a service is replaced under us and a child of ours comes back elsewhere.
    /// `done` is called once, on the loop, maybe only after a server has started.
    public func locate(_ done: @escaping (LauncherAnswer) -> Void) {
        let done: (LauncherAnswer) -> Void = { [weak self] location in
            self?.say(location)
            done(location)
        }
        if isStopped { return done(.none("Reprise is ending")) }
        if case .automatic = options.location {} else { endOrphan() }
        switch options.location {
        case .none: done(.none("--opencode none"))
        case .address(let endpoint): done(.found(endpoint, how: "the URL of --opencode, \(endpoint)"))
        case .service(let file): service(file, orElse: { self.installed(file, mayOwn: false, done) }, done)
        case .automatic:
            // A service cannot have the config that was given.
            if let own, !own.isDown || options.config != nil && own.isInstalled(options.environment) { return own.locate(done) }
            let file = ServiceFile.defaultPath(options.environment) ?? ""
            service(file, orElse: { self.again(file, done) }, done)
        }
    }

    /// A child of ours that has ended begins anew, unless what is installed has become something else meanwhile.
    private func again(_ file: String, _ done: @escaping (LauncherAnswer) -> Void) {
        if let own, !own.isDown || own.isInstalled(options.environment) { return own.locate(done) }
        own = nil
        installed(file, mayOwn: true, done)
    }

    private func say(_ location: LauncherAnswer) {
        let (how, why): (StaticString, String) =
            switch location {
            case .found(_, let how): ("opencode found", how)
            case .none(let why), .absent(let why): ("no opencode", why)
            case .failed(let why): ("opencode not available", why)
            }
        guard lastSaid != why else { return }
        lastSaid = why
        logger.info(how, [("which", why)])
    }

    // The service.

    private func service(_ file: String, orElse: @escaping () -> Void, _ done: @escaping (LauncherAnswer) -> Void) {
        BackgroundService(loop: loop, file: file).find { endpoint in
            guard let endpoint else { return orElse() }
            self.use(endpoint, "the background service of \(file)", done)
        }
    }

    private func use(_ endpoint: UpstreamEndpoint, _ how: String, _ done: (LauncherAnswer) -> Void) {
        if options.config != nil { return refuse("\(how) is not started by Reprise", done) }
        if own?.isDown == true { own = nil }
        endOrphan()
        done(.found(endpoint, how: "\(how), \(endpoint)"))
    }

    private func refuse(_ why: String, _ done: (LauncherAnswer) -> Void) {
        endOrphan()
        let sentence = "--opencode-config cannot be used: \(why)"
        onRefusal(sentence)
        done(.none(sentence))
    }

    /// A child of an earlier life of ours, which nobody will take back: another OpenCode is used now, or none.
    private func endOrphan() {
        guard own == nil, let orphan = ChildRecord(folder: options.dataFolder) else { return }
        orphan.process.terminate()
        loop.schedule(after: OwnServer.stopPatience) { orphan.process.kill() }
        ChildRecord.remove(folder: options.dataFolder)
    }

    // What is installed.

    private func installed(_ file: String, mayOwn: Bool, _ done: @escaping (LauncherAnswer) -> Void) {
        guard !isStopped else { return done(.none("Reprise is ending")) }
        guard let program = InstalledOpenCode.find(options.environment) else {
            let why = "no background service runs (see \(file)), and there is no opencode in PATH"
            return done(absent("\(why): install one, or name a server with --opencode URL", mayOwn))
        }
        if let useless, useless.isStill(program, at: loop.now) { return done(absent(useless.why, mayOwn)) }
        let asked = ProgramStamp(program)
        let environment = InstalledOpenCode.environment(options.environment, password: nil, config: nil)
        let command = ChildCommand(program: program, arguments: ["--version"], environment: environment)
        let patience = options.versionPatience
        ProgramRun.start(loop: loop, command, within: patience) { status, output in
            guard let status else { return done(.failed("\(program) --version says nothing within \(patience)")) }
            guard status == .exited(0), let version = InstalledOpenCode.majorVersion(output) else {
                return done(self.reject(asked, "\(program) --version says no version", mayOwn))
            }
            self.use(program, version, file, mayOwn: mayOwn, asked: asked, done)
        }
    }

    private func use(
        _ program: String, _ version: (major: Int, text: String), _ file: String, mayOwn: Bool, asked: ProgramStamp?,
        _ done: @escaping (LauncherAnswer) -> Void
    ) {
        switch version.major {
        case 2 where options.config != nil: refuse("\(program) is OpenCode \(version.text), which runs as the person's own service", done)
        case 2: startService(program, version.text, file, done)
        case 1 where mayOwn && !isStopped: startOwn(program, version.text).locate(done)
        default:
            done(reject(asked, "\(program) is OpenCode \(version.text)\(mayOwn ? "" : ", which has no background service")", mayOwn))
        }
    }

    /// With `auto` it is none for now; a service that was asked for by name is away.
    private func absent(_ why: String, _ mayOwn: Bool) -> LauncherAnswer { mayOwn ? .absent(why) : .failed(why) }

    private func reject(_ asked: ProgramStamp?, _ why: String, _ mayOwn: Bool) -> LauncherAnswer {
        useless = asked.map { UnusableProgram(stamp: $0, why: why, since: loop.now) }
        return absent(why, mayOwn)
    }

    private func startService(_ program: String, _ version: String, _ file: String, _ done: @escaping (LauncherAnswer) -> Void) {
        let environment = InstalledOpenCode.environment(options.environment, password: nil, config: nil)
        logger.info("starting opencode's background service", [("program", program), ("version", version)])
        BackgroundService(loop: loop, file: file).start(program: program, environment: environment) { endpoint in
            guard let endpoint else { return done(.failed("\(program) service start: no service appeared in \(file)")) }
            self.use(endpoint, "the background service of \(file), OpenCode \(version)", done)
        }
    }

    private func startOwn(_ program: String, _ version: String) -> OwnServer {
        if let own { return own }
        let own = OwnServer(
            loop: loop,
            options: OwnServer.Options(
                program: program, version: version, config: options.config, dataFolder: options.dataFolder,
                environment: options.environment,
                directory: options.directory),
            logger: logger)
        self.own = own
        return own
    }

    // Ending.

    /// Ends a child of ours; `done` when it is gone. A service goes on.
    public func stop(_ done: @escaping () -> Void = {}) {
        isStopped = true
        guard let own else {
            endOrphan()
            return done()
        }
        own.stop(done)
    }
}
