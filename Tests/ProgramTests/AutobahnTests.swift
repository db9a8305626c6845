// Autobahn's suite against our WebSocket, over real sockets: its 301 core cases (all but compression) with the echo server of the bench. Its
// port is its own choice, and both programs have ended when the test has.

import Foundation
import TestSupport
import Testing

@Suite(.ownThread, .enabled(if: KosokuProgram.file != nil, "needs kosoku in PATH")) struct AutobahnTests {
    private static let coreCases = 301

    @Test(.timeLimit(.minutes(5)))
    func `passes every core case of Autobahn's suite`() async throws {
        let report = FileManager.default.temporaryDirectory.appendingPathComponent("reprise-autobahn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: report) }
        let echo = try EchoProgram()
        let port = try echo.readPort()
        try KosokuProgram.judge(port: port, report: report)
        let results = try AutobahnReport(folder: report).results
        #expect(results.count == Self.coreCases)
        for result in results where !result.isPassed { Issue.record("case \(result)") }
        #expect(await echo.end() == 0)
    }
}
