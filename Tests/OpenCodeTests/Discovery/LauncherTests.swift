import Foundation
import OpenCode
import Reactor
import Testing

@Suite struct LauncherTests {
    private static let info = ["/api/info": #"{"version":"2.0.14","pid":7008,"urls":[]}"#]
    private static let health = ["/global/health": #"{"healthy":true,"version":"1.18.33"}"#]

    private func locate(_ place: LauncherFixture, _ options: Launcher.Options) async throws -> LauncherAnswer {
        try await onLoop { loop, found in
            let launcher = Launcher(loop: loop, options: options, logger: .silent)
            launcher.locate { finding in launcher.stop { found(finding) } }
        }
    }

    private func reason(_ finding: LauncherAnswer) -> String {
        switch finding {
        case .found(_, let how): "found: " + how
        case .none(let why): "none: " + why
        case .absent(let why): "absent: " + why
        case .failed(let why): "failed: " + why
        }
    }

    @Test func `an address is taken as it is, none is none`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        let endpoint = UpstreamEndpoint(host: "127.0.0.1", port: 1)
        #expect(
            try await locate(place, place.options(.address(endpoint))) == .found(endpoint, how: "the URL of --opencode, http://127.0.0.1:1")
        )
        #expect(try await locate(place, place.options(.none)) == .none("--opencode none"))
    }

    @Test func `nothing runs and nothing is installed`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        #expect(reason(try await locate(place, place.options())).hasPrefix("absent: no background service runs"))
        #expect(reason(try await locate(place, place.options(.service(file: "/no/such/file")))).hasPrefix("failed: "))
    }

    // The service.

    @Test func `a living service wins over an installed 1.18`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        try place.install(version: "1.18.33")
        let found: [String] = try await onLoop { loop, found in
            let server = try GateServer(loop, Self.info)
            try place.write("state/opencode/service.json", LauncherFixture.serviceText(port: server.port, pid: getpid()))
            let launcher = Launcher(loop: loop, options: place.options(), logger: .silent)
            launcher.locate { finding in
                guard case .found(let endpoint, _) = finding else { return found(["\(finding)"]) }
                found([endpoint.authorization ?? "", server.authorizations.first ?? "", "\(endpoint.port == server.port)"])
            }
        }
        let basic = UpstreamEndpoint.basic(user: "opencode", password: "pw")
        #expect(found == [basic, basic, "true"])
        #expect(place.read("starts").isEmpty)
    }

    @Test func `a service file whose process or URL is dead counts as absent`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        let findings: [String] = try await onLoop { loop, found in
            let server = try GateServer(loop, Self.health)
            var seen: [String] = []
            func look(_ texts: ArraySlice<String>) {
                guard let text = texts.first else { return found(seen) }
                do { try place.write("state/opencode/service.json", text) } catch { return found(["\(error)"]) }
                let launcher = Launcher(loop: loop, options: place.options(), logger: .silent)
                launcher.locate { finding in
                    seen.append(String(self.reason(finding).prefix { $0 != ":" }))
                    withExtendedLifetime(launcher) { look(texts.dropFirst()) }
                }
            }
            // No such process; nobody listens; not 2.x; not a service file at all.
            look([
                LauncherFixture.serviceText(port: server.port, pid: Int32.max - 1), LauncherFixture.serviceText(port: 1, pid: getpid()),
                LauncherFixture.serviceText(port: server.port, pid: getpid()), "{}",
            ])
        }
        #expect(findings == ["absent", "absent", "absent", "absent"])
    }

    @Test func `of an installed 2.x the service is started and waited for`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        let finding: LauncherAnswer = try await onLoop { loop, found in
            let server = try GateServer(loop, Self.info)
            let text = LauncherFixture.serviceText(port: server.port, pid: getpid())
            try place.install(version: "opencode 2.0.14", service: "echo '\(text)' > state/opencode/service.json")
            let launcher = Launcher(loop: loop, options: place.options(), logger: .silent)
            launcher.locate { finding in withExtendedLifetime((launcher, server)) { found(finding) } }
        }
        guard case .found(_, let how) = finding else {
            Issue.record("\(finding)")
            return
        }
        #expect(how.contains("OpenCode 2.0.14"))
        #expect(place.read("service") == "service start\n")
    }

    @Test func `a config is refused where OpenCode is not ours`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        try place.install(version: "2.0.14")
        let refusal: String = try await onLoop { loop, found in
            let launcher = Launcher(loop: loop, options: place.options(config: "/c.json"), logger: .silent)
            launcher.onRefusal = { found($0) }
            launcher.locate { _ in withExtendedLifetime(launcher) {} }
        }
        #expect(refusal.hasPrefix("--opencode-config cannot be used"))
        #expect(place.read("service").isEmpty)
    }

    // A child of ours.

    @Test func `1.18 becomes a child of ours, and ends with us`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        try place.install(version: "1.18.33")
        let password: String = try await onLoop { loop, found in
            let launcher = Launcher(loop: loop, options: place.options(config: "/c.json"), logger: .silent)
            launcher.locate { finding in
                guard case .found(let endpoint, _) = finding else { return found("\(finding)") }
                let record = place.read("data/opencode.json")
                let mode = try? FileManager.default.attributesOfItem(atPath: place.data + "/opencode.json")[.posixPermissions] as? Int
                launcher.stop {
                    found(mode == 0o600 && record.contains("\(endpoint.port)") ? endpoint.authorization ?? "" : "mode \(mode ?? 0)")
                }
            }
        }
        let environment = place.read("environment").split(separator: "\n")
        let given = environment.first { $0.hasPrefix("OPENCODE_SERVER_PASSWORD=") }.map { String($0.dropFirst(25)) } ?? ""
        #expect(given.utf8.count == 32)
        #expect(password == UpstreamEndpoint.basic(user: "opencode", password: given))
        #expect(environment.contains("OPENCODE_CONFIG=/c.json"))
        #expect(!environment.contains { $0.hasPrefix("REPRISE_") || $0.hasPrefix("OPENCODE_PASSWORD=") })
        #expect(place.read("arguments").hasSuffix("--hostname 127.0.0.1\n"))
        #expect(place.read("data/opencode.json").isEmpty)
        let pid = try #require(
            try FileManager.default.contentsOfDirectory(atPath: place.root).first { $0.hasPrefix("pid-") }.flatMap {
                Int32($0.dropFirst(4))
            })
        #expect(ProcessIdentity(runningAs: pid) == nil)
    }

    @Test func `a child that dies is started again`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        try place.install(version: "1.18.33")
        let ports: [UInt16] = try await onLoop { loop, found in
            let launcher = Launcher(loop: loop, options: place.options(), logger: .silent)
            var ports: [UInt16] = []
            func again(_ finding: LauncherAnswer) {
                if case .found(let endpoint, _) = finding { ports.append(endpoint.port) }
                if ports.count == 2 { return launcher.stop { found(ports) } }
                if case .found = finding {
                    place.endChildren(loop) { launcher.locate(again) }
                } else {
                    launcher.locate(again)
                }
            }
            launcher.locate(again)
        }
        #expect(Set(ports).count == 2)
        #expect(place.read("starts") == "start\nstart\n")
    }

    @Test func `where 2.x was installed meanwhile, its service takes the place of a child that has ended`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        try place.install(version: "1.18.33")
        let findings: [String] = try await onLoop { loop, found in
            let server = try GateServer(loop, Self.info)
            let text = LauncherFixture.serviceText(port: server.port, pid: getpid())
            let launcher = Launcher(loop: loop, options: place.options(), logger: .silent)
            var seen: [String] = []
            func next(_ finding: LauncherAnswer) {
                seen.append(self.reason(finding))
                guard seen.count == 1 else { return withExtendedLifetime(server) { launcher.stop { found(seen) } } }
                do {
                    try place.install(version: "opencode 2.0.14", service: "echo '\(text)' > state/opencode/service.json")
                } catch { return found(["\(error)"]) }
                place.endChildren(loop) { launcher.locate(next) }
            }
            launcher.locate(next)
        }
        #expect(findings.first?.contains("OpenCode 1.18.33, started by Reprise") == true)
        #expect(findings.last?.contains("background service") == true && findings.last?.contains("OpenCode 2.0.14") == true)
        #expect(place.read("starts") == "start\n")
    }

    @Test func `one that does not start says why`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        try place.install(version: "1.18.33", serve: "exit 3")
        #expect(reason(try await locate(place, place.options())).hasSuffix("exit code 3"))
    }

    @Test func `a living child is taken back after a crash of ours`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        try place.install(version: "1.18.33")
        let found: [String] = try await onLoop { loop, found in
            let server = try GateServer(loop, Self.health)
            let identity = try place.leaveOrphan(loop, port: server.port)
            let launcher = Launcher(loop: loop, options: place.options(), logger: .silent)
            launcher.locate { finding in
                guard case .found(let endpoint, _) = finding else { return found(["\(finding)"]) }
                launcher.stop { found([endpoint.authorization ?? "", "\(identity.isRunning)"]) }
            }
        }
        #expect(found == [UpstreamEndpoint.basic(user: "opencode", password: "old"), "false"])
        #expect(place.read("starts").isEmpty)
    }

    @Test func `a child that is just being taken back ends with us, and no other is started`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        try place.install(version: "1.18.33")
        let seen: [String] = try await onLoop { loop, found in
            let server = try GateServer(loop, Self.health)
            var seen: [String] = []
            func note(_ what: String) {
                seen.append(what)
                if seen.count == 2 { found(seen.sorted()) }
            }
            let orphan = try place.leaveOrphan(loop, port: server.port) { note("\($0)") }
            let launcher = Launcher(loop: loop, options: place.options(), logger: .silent)
            server.onRequest = { launcher.stop { note("stopped while it runs: \(orphan.isRunning)") } }
            launcher.locate { _ in }
        }
        #expect(seen == ["\(ChildStatus.signalled(15))", "stopped while it runs: false"])
        #expect(place.read("starts").isEmpty && place.read("data/opencode.json").isEmpty)
    }

    @Test func `a child of an earlier life ends where nobody takes it back`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        let endpoint = UpstreamEndpoint(host: "127.0.0.1", port: 1)
        for location in [OpenCodeLocation.none, .address(endpoint), .service(file: "/no/such/file"), .automatic] {
            let status: String = try await onLoop { loop, found in
                _ = try place.leaveOrphan(loop, port: 1) { found("\($0)") }
                let launcher = Launcher(loop: loop, options: place.options(location), logger: .silent)
                launcher.locate { _ in
                    // One of which `auto` may still find the program is left to it until the end.
                    if case .automatic = location { launcher.stop() }
                }
            }
            #expect(status == "\(ChildStatus.signalled(15))", "\(location)")
            #expect(place.read("data/opencode.json").isEmpty)
        }
    }

    @Test func `a record whose number is somebody else's by now is not touched`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        try place.install(version: "1.18.33")
        try place.write("data/opencode.json", #"{"pid":\#(getpid()),"started":1,"url":"http://127.0.0.1:1","password":"old"}"#)
        #expect(reason(try await locate(place, place.options())).hasPrefix("found: OpenCode 1.18.33, started by Reprise"))
        #expect(place.read("starts") == "start\n")
    }

    @Test func `a program that does not answer is asked again later`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        try place.install(version: "1.18.33'; exec sleep 600; '")
        var options = place.options()
        options.versionPatience = .milliseconds(10)
        #expect(reason(try await locate(place, options)).hasPrefix("failed: "))
    }

    @Test func `a program that is of no use is not run again, until it is another one`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        let counting = "'; echo asked >> versions; echo '"
        try place.install(version: "hello\(counting)")
        let answers: [String] = try await onLoop { loop, found in
            let launcher = Launcher(loop: loop, options: place.options(), logger: .silent)
            var answers: [String] = []
            func look(_ times: Int) {
                launcher.locate { finding in
                    answers.append(self.reason(finding))
                    if times > 1 { return look(times - 1) }
                    do { try place.install(version: "3.1.0\(counting)") } catch { return found(["\(error)"]) }
                    launcher.locate { finding in withExtendedLifetime(launcher) { found(answers + [self.reason(finding)]) } }
                }
            }
            look(5)
        }
        #expect(answers.count == 6 && Set(answers.dropLast()).count == 1 && answers[0].contains("says no version"))
        #expect(answers.last?.hasSuffix("is OpenCode 3.1.0") == true)
        #expect(place.read("versions") == "asked\nasked\n")
    }

    @Test func `what a generation or a program without a version is`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        try place.install(version: "3.1.0")
        #expect(reason(try await locate(place, place.options())).hasSuffix("is OpenCode 3.1.0"))
        try place.install(version: "hello")
        #expect(reason(try await locate(place, place.options())).contains("--version says no version"))
        try place.install(version: "1.18.33")
        #expect(
            reason(try await locate(place, place.options(.service(file: place.serviceFile)))).contains("which has no background service"))
    }
}
