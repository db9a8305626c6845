// The JavaScript client, as node runs it, in the same conversations as the Swift one.

import Foundation
import TestSupport
import Testing
import Wire

@Suite(.ownThread, .serialized, .enabled(if: NodeProgram.path != nil, "no node with WebSockets")) struct JavaScriptScenarioTests {
    private static let here = URL(filePath: #filePath).deletingLastPathComponent()
    private static let client = here.appending(path: "../../Sources/WebPage/page/reprise.js").standardizedFileURL.path()

    @Test(.timeLimit(.minutes(1)), arguments: try Scenario.all())
    func `the JavaScript client hands over every event once, in order`(_ scenario: Scenario) throws {
        let server = try ScenarioServer(scenario)
        defer { server.stop() }
        let heard = try Self.follow(server, scenario)
        #expect(server.report.waitUntilPlayed())
        #expect(heard["events"]?.items.compactMap(\.string) == scenario.expected.events)
        if let controls = scenario.expected.controls { #expect(heard["controls"]?.items.compactMap(\.string) == controls) }
        #expect(heard["ends"]?.string == scenario.expected.ends)
        if let lines = scenario.expected.lines { #expect(heard["lines"]?.items.compactMap(\.string) == lines) }
        #expect(server.report.deviations == [])
        ScenarioTests.check(server.report, scenario)
    }

    @Test(.timeLimit(.minutes(1)), arguments: try Scenario.all().filter { $0.expected.minimalWait != nil })
    func `a client that is woken comes no sooner than the server wants it`(_ scenario: Scenario) throws {
        let server = try ScenarioServer(scenario)
        defer { server.stop() }
        let heard = try Self.follow(server, scenario, isWoken: true)
        #expect(heard["events"]?.items.compactMap(\.string) == scenario.expected.events)
        #expect(server.report.deviations == [])
        ScenarioTests.check(server.report, scenario)
    }

    @Test(.timeLimit(.minutes(1))) func `a client that waits by itself comes at once when it is woken`() throws {
        let scenario = try #require(try Scenario.all().first { $0.name == "five-cuts-in-a-row" })
        let server = try ScenarioServer(scenario)
        defer { server.stop() }
        // Longer than the test may take.
        let heard = try Self.follow(server, scenario, isWoken: true, backoff: 600_000)
        #expect(heard["events"]?.items.compactMap(\.string) == scenario.expected.events)
        #expect(server.report.deviations == [])
    }

    private static func follow(
        _ server: ScenarioServer, _ scenario: Scenario, isWoken: Bool = false, backoff: Int = 10
    ) throws -> JSONValue {
        let wanted = JSONWriter.object { writer in
            writer.member("after", scenario.after)
            writer.member("events", scenario.expected.events.count)
            writer.member("controls", scenario.expected.controls?.count ?? 0)
            writer.member("wakes", isWoken)
            writer.member("backoff", backoff)
        }
        let node = try #require(NodeProgram.path)
        let arguments = [
            here.appending(path: "run-scenario.mjs").path(), client, server.url, ScenarioServer.token, ScenarioServer.topic,
            String(decoding: wanted, as: UTF8.self),
        ]
        let (status, output) = try NodeProgram.run(node, arguments)
        #expect(status == 0)
        return try JSON.parse(Array(output.utf8))
    }
}
