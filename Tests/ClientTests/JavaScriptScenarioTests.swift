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

    private static func follow(_ server: ScenarioServer, _ scenario: Scenario) throws -> JSONValue {
        let wanted = JSONWriter.object { writer in
            writer.member("after", scenario.after)
            writer.member("events", scenario.expected.events.count)
            writer.member("controls", scenario.expected.controls?.count ?? 0)
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
