import Foundation
import Reactor
import Testing

@testable import OpenCode

@Suite struct OwnServerTests {
    private func server(_ place: LauncherFixture, _ loop: EventLoop) -> OwnServer {
        var options = OwnServer.Options(
            program: place.root + "/bin/opencode", version: "1.18.33", dataFolder: place.data, environment: place.environment)
        (options.logBytes, options.logPace) = (4_000, .milliseconds(10))
        return OwnServer(loop: loop, options: options, logger: .silent)
    }

    private func wait(_ loop: EventLoop, until isSo: @escaping () -> Bool, _ done: @escaping () -> Void) {
        if isSo() { return done() }
        loop.schedule(after: .milliseconds(10)) { wait(loop, until: isSo, done) }
    }

    @Test func `its log begins anew when it is too long`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        let line = #"echo "opencode server listening on http://127.0.0.1:$3""#
        try place.install(version: "1.18.33", serve: "\(line); yes | head -c 5000; while [ ! -e go ]; do sleep 0.01; done; echo more")
        let log: String = try await onLoop { loop, found in
            let server = server(place, loop)
            server.locate { _ in
                wait(loop, until: { place.read("data/opencode.log").isEmpty }) {
                    do { try place.write("go", "") } catch { return found("\(error)") }
                    wait(loop, until: { !place.read("data/opencode.log").isEmpty }) {
                        server.stop { found(place.read("data/opencode.log")) }
                    }
                }
            }
        }
        #expect(log == "more\n")
    }

    @Test func `one that says where it listens only when it is to end still ends`() async throws {
        let place = try LauncherFixture()
        defer { place.remove() }
        let line = #"echo "opencode server listening on http://127.0.0.1:$port""#
        try place.install(
            version: "1.18.33", serve: "port=$3; trap '\(line); sleep 0.5; exit 0' TERM; touch ready; while :; do sleep 0.01; done")
        let record: String = try await onLoop { loop, found in
            let server = server(place, loop)
            server.locate { _ in }
            wait(loop, until: { FileManager.default.fileExists(atPath: place.root + "/ready") }) {
                server.stop { found(place.read("data/opencode.json")) }
            }
        }
        #expect(record.isEmpty)
    }
}
