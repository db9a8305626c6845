// A scripted OpenCode 1.18.

import Wire

public struct ScriptedAgent1: ScriptedMachine {
    var core: ScriptedCore
    var sessions: [String: ScriptedSession1] = [:]
    /// What is asked, and what an aborted run had asked: those stay listed.
    var permissions: [ScriptedPermission] = []
    var questions: [ScriptedQuestion1] = []
    /// Calls that somebody approved when their run was over: a real server has run their tools all the same.
    public internal(set) var ghostsRun: [String] = []

    init(options: ScriptedOptions) { core = ScriptedCore(options: options) }

    var version: String { options.version ?? "1.18.33-scripted" }

    static let agents = ["build", "plan", "general", "explore"]
    static let models = ["scripted", "scripted-mini"]

    public let heartbeatInterval = Duration.seconds(10)
    public let waitingFrames: Int? = nil
    public mutating func heartbeat(at now: Int64) -> [UInt8] { bare("server.heartbeat", at: now) }

    func run(of session: String) -> ScriptedRun? { sessions[session]?.run }

    mutating func change(runOf session: String, _ body: (inout ScriptedRun) -> Void) { sessions[session]?.run?.change(body) }

    /// Neither way of dying says anything, to viewers or to the data.
    public mutating func die(_ death: ScriptedDeath, newPID pid: Int, now: Int64) {
        core.options.pid = pid
        core.frames = []
        core.running = []
        core.schedule.clearAll()
        core.rules = []
        permissions = []
        questions = []
        for id in sessions.keys {
            sessions[id]?.run = nil
            sessions[id]?.waiting = []
            sessions[id]?.status = nil
        }
    }
}
