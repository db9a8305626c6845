// The scripted OpenCode as a child of this program. Its end is told, whoever ended it: a relay without it has nothing to play.

import Foundation
import OpenCode

struct ScriptedProcess {
    private let process: Process
    private let input: Pipe
    let endpoint: UpstreamEndpoint

    /// `onEnd` is told why there is none any more, on any thread.
    static func start(onEnd: @escaping @Sendable (String) -> Void) throws -> ScriptedProcess {
        let password = DataFolder.newToken()
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [ScriptedCommand.name]
        process.environment = ["OPENCODE_PASSWORD": password, "PATH": "/usr/bin:/bin"]
        process.standardInput = input
        process.standardOutput = output
        process.terminationHandler = { ended in
            let cause = ended.terminationReason == .uncaughtSignal ? "signal" : "exit code"
            onEnd("the scripted OpenCode ended (\(cause) \(ended.terminationStatus))")
        }
        try process.run()
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 { line.append(byte) }
        let url = String(decoding: line, as: UTF8.self)
        let endpoint = try UpstreamEndpoint(url: url, environment: ["OPENCODE_PASSWORD": password])
        return ScriptedProcess(process: process, input: input, endpoint: endpoint)
    }

    func end() {
        process.terminate()
        process.waitUntilExit()
    }
}
