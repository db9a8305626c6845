// The scripted OpenCode in a process of its own. It forgets what it held when it ends, so it is not killed.

import TestSupport
import Wire

final class ScriptedUpstream: CampaignUpstream {
    private let password = "a-password-for-campaigns-only"
    private let folder: TestFolder
    private let program: RunningProgram
    private let url: String

    init() throws {
        folder = try TestFolder()
        program = try Reprise.start(["scripted-opencode"], in: folder, environment: ["OPENCODE_PASSWORD": password])
        guard let url = try program.line() else { throw BenchFailure("the scripted OpenCode did not say where it listens") }
        self.url = url
    }

    var arguments: [String] { ["--opencode", url] }
    var environment: [String: String] { ["OPENCODE_PASSWORD": password] }
    var processID: Int32? { nil }

    func messages(_ session: String) throws -> [ComparableMessage] {
        let port = url.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
        return try UpstreamMessages(port: port, password: password, generation: .second).of(session)
    }

    func kill() throws {}
    func restart() throws {}
    func becomeReprisesOwn(_ relay: RelayProcess) throws -> Bool { false }
    func faultsOfProcesses() -> [String] { [] }
    func stop() { program.send(.kill) }
}
