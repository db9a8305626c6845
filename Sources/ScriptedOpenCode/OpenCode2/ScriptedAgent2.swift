// A scripted OpenCode 2.x.

import Wire

public struct ScriptedAgent2: ScriptedMachine {
    var core: ScriptedCore
    var sessions: [String: ScriptedSession2] = [:]
    /// Every prompt that was accepted and not cancelled.
    var prompts: [String: ScriptedInboxItem] = [:]

    init(options: ScriptedOptions) { core = ScriptedCore(options: options) }

    var version: String { options.version ?? "2.0.14-scripted" }

    public let heartbeatInterval = Duration.seconds(15)
    public let waitingFrames: Int? = 4096
    public func heartbeat(at now: Int64) -> [UInt8] { Array(": heartbeat\n\n".utf8) }

    func run(of session: String) -> ScriptedRun? { sessions[session]?.run }
    func directory(of session: String) -> String { sessions[session]?.directory ?? options.directory }

    mutating func change(runOf session: String, _ body: (inout ScriptedRun) -> Void) { sessions[session]?.run?.change(body) }
}
