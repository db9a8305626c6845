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
    public func heartbeat(at now: Int64) -> [UInt8] { Array(": heartbeat\n\n".utf8) }

    func run(of session: String) -> ScriptedRun? { sessions[session]?.run }

    mutating func hear(_ bytes: [UInt8], _ key: ScriptedPartKey, _ session: String) { sessions[session]?.run?.hear(bytes, key) }
}
