// The Swift client in every conversation of `protocol/scenarios`.

import RelayProtocol
import RepriseClient
import TestSupport
import Testing
import Wire

@Suite(.ownThread, .serialized) struct ScenarioTests {
    /// What the client handed over.
    struct Heard {
        var events: [String] = []
        var lines: [String] = []
        var controls: [String] = []
        var ends: String?
    }

    @Test(.timeLimit(.minutes(1)), arguments: try Scenario.all())
    func `the Swift client hands over every event once, in order`(_ scenario: Scenario) async throws {
        let server = try ScenarioServer(scenario)
        defer { server.stop() }
        let heard = try await Self.follow(server, scenario)
        #expect(server.report.waitUntilPlayed())
        #expect(heard.events == scenario.expected.events)
        if let controls = scenario.expected.controls { #expect(heard.controls == controls) }
        #expect(heard.ends == scenario.expected.ends)
        if let lines = scenario.expected.lines { #expect(heard.lines == lines) }
        #expect(server.report.deviations == [])
        ScenarioTests.check(server.report, scenario)
    }

    @Test(.timeLimit(.minutes(1))) func `a line that takes longer than a silence may last is waited for`() async throws {
        let scenario = try #require(try Scenario.all().first { $0.name == "a-slow-line-is-no-death" })
        let server = try ScenarioServer(scenario)
        defer { server.stop() }
        #expect(try await Self.follow(server, scenario).events == scenario.expected.events)
        #expect(server.report.connections == 1)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [false, true]) func `leaving the loop ends the subscription`(byCancelling: Bool) async throws {
        let scenario = try #require(try Scenario.all().first { $0.name == "text-of-every-kind" })
        let server = try ScenarioServer(scenario)
        defer { server.stop() }
        let client = try RepriseClient(url: server.url, token: ScenarioServer.token)
        let reading = Task {
            for try await _ in client.subscribe(to: ScenarioServer.topic, after: scenario.after) {
                if !byCancelling { break }
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            }
        }
        try await reading.value
        // The client is still there: it is the loop that was left.
        #expect(server.report.leavings() == [1000])
        client.close()
    }

    static func check(_ report: ScenarioReport, _ scenario: Scenario) {
        if let count = scenario.expected.connections { #expect(report.connections == count) }
        if let wait = scenario.expected.minimalWait { #expect(report.waits.first.map { $0 >= wait } == true, "\(report.waits)") }
    }

    private static func follow(_ server: ScenarioServer, _ scenario: Scenario) async throws -> Heard {
        var options = RepriseOptions()
        options.backoffBase = .milliseconds(10)
        options.backoffCap = .milliseconds(50)
        let client = try RepriseClient(url: server.url, token: ScenarioServer.token, options: options)
        defer { client.close() }
        var heard = Heard()
        do {
            for try await item in client.subscribe(to: ScenarioServer.topic, after: scenario.after) {
                switch item {
                case .event(let event):
                    heard.events.append(event.position)
                    heard.lines.append(String(decoding: event.line, as: UTF8.self))
                case .control(let type, _): heard.controls.append(type)
                case .disconnected: break
                }
                let expected = scenario.expected
                if heard.events.count >= expected.events.count, heard.controls.count >= expected.controls?.count ?? 0 { break }
            }
        } catch RepriseError.problem(_, let code, _) { heard.ends = code }
        return heard
    }
}
