// One life of Reprise: everything that a kill ends.

import RelayProtocol

final class RelayInstance {
    let log: MemoryLog
    let loops: [ServerLoopModel]
    var readers: [LogReaderModel]
    let answers = SimulatedMailbox<PublishAnswer>()
    let replies = SimulatedMailbox<CommandReply>()
    /// Nil where no OpenCode is simulated.
    var agent: AgentModel?
    /// What others than the loops ask of the log's readers.
    let jobs = SimulatedMailbox<MemoryJob>()

    init(_ plan: SchedulePlan, _ kind: ScheduleKind, log: MemoryLog) {
        self.log = log
        loops = (0..<plan.loops).map { _ in
            ServerLoopModel(log, mailbox: plan.mailbox, rings: plan.rings, ringBytes: plan.ringBytes)
        }
        readers = (0..<2).map { _ in LogReaderModel(fault: kind.readerFault) }
    }
}
