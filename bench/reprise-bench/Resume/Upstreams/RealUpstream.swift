// A real OpenCode with the scripted model. First a server at an address; later Reprise's own: of 1.18 its child, of 2.x the person's
// background service, on the same folder, so that the same sessions go on.

import Foundation
import Glibc
import Reactor
import TestSupport
import Wire

final class RealUpstream: CampaignUpstream {
    private let server: RealOpenCode
    /// Once it is Reprise's own: the file that says where it is and who.
    private var record: String?

    init(_ generation: OpenCodeGeneration, binary: String) throws {
        server = try RealOpenCode(generation, binary: binary, tokensPerSecond: 150)
    }

    private var state: String { server.folder.home + "/.local/state" }

    var arguments: [String] { ["--opencode", record == nil ? server.url : "auto", "--directory", server.project] }

    var environment: [String: String] {
        guard record != nil else { return ["OPENCODE_PASSWORD": server.password] }
        let home = server.folder.home
        return [
            "PATH": server.folder.bin + ":/usr/local/bin:/usr/bin:/bin", "HOME": home, "XDG_DATA_HOME": home + "/.local/share",
            "XDG_STATE_HOME": state, "XDG_CONFIG_HOME": home + "/.config", "XDG_CACHE_HOME": home + "/.cache",
        ]
    }

    func becomeReprisesOwn(_ relay: RelayProcess) throws -> Bool {
        server.kill()
        guard server.generation == .second else {
            record = relay.data + "/opencode.json"
            return true
        }
        try FileManager.default.createDirectory(atPath: state + "/shuvcode", withIntermediateDirectories: true)
        // The server that is tested with has another name than the program it stands for.
        try FileManager.default.createSymbolicLink(atPath: state + "/opencode", withDestinationPath: "shuvcode")
        record = state + "/opencode/service.json"
        return true
    }

    private var said: JSONValue? {
        record.flatMap { FileManager.default.contents(atPath: $0) }.flatMap { try? JSON.parse([UInt8]($0)) }
    }

    var processID: Int32? {
        record == nil ? server.pid : said?["pid"]?.int.flatMap { Int32(exactly: $0) }.flatMap { Glibc.kill($0, 0) == 0 ? $0 : nil }
    }

    func kill() throws {
        guard record != nil else { return server.kill() }
        guard let processID else { throw BenchFailure("there is no OpenCode to kill") }
        let process = ProcessIdentity(runningAs: processID)
        Glibc.kill(processID, SIGKILL)
        while process?.isRunning == true { usleep(5000) }
    }

    func restart() throws { if record == nil { try server.restart() } }

    func messages(_ session: String) throws -> [ComparableMessage] {
        guard record != nil else {
            return try UpstreamMessages(port: server.port, password: server.password, generation: server.generation).of(session)
        }
        guard let said, let port = said["url"]?.string?.split(separator: ":").last?.prefix(while: \.isNumber).description,
            let port = UInt16(port), let password = said["password"]?.string
        else { throw BenchFailure("nobody knows where OpenCode is") }
        return try UpstreamMessages(port: port, password: password, generation: server.generation).of(session)
    }

    func faultsOfProcesses() -> [String] {
        let servers = ServerProcesses.of(home: server.folder.home)
        return servers.count == 1 ? [] : ["\(servers.count) servers of OpenCode run: \(servers)"]
    }

    func stop() {
        if record != nil, let processID { Glibc.kill(processID, SIGKILL) }
        server.stop()
    }
}
