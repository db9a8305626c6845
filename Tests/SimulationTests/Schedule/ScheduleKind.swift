// What a test wants of all its schedules.

import ScriptedOpenCode

struct ScheduleKind {
    var steps = 400
    var logFault: MemoryLog.Fault?
    var readerFault: LogReaderModel.Fault?
    /// With an OpenCode of this generation, whose sessions are the topics.
    var upstream: ScriptedGeneration?
    var hasUpstream: Bool { upstream != nil }
    /// The OpenCode asks, and people answer and stop it.
    var asks = false
    var agentFault: AgentModel.Fault?
    /// All bytes go into the trace.
    var isDigested = false
}
