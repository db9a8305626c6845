// One life of Reprise: everything that a kill ends.

import RelayProtocol

final class Life {
    let log: MemoryLog
    let loops: [ServerLoopModel]
    var readers: [LogReaderModel]
    let answers = Tray<PublishAnswer>()
    let replies = Tray<CommandReply>()
    /// Nil where no OpenCode is simulated.
    var agent: AgentModel?
    /// What others than the loops ask of the log's readers.
    let jobs = Tray<MemoryJob>()

    init(_ plan: Plan, _ scenario: Scenario, log: MemoryLog) {
        self.log = log
        loops = (0..<plan.loops).map { _ in
            ServerLoopModel(log, mailbox: plan.mailbox, rings: plan.rings, ringBytes: plan.ringBytes)
        }
        readers = (0..<2).map { _ in LogReaderModel(fault: scenario.readerFault) }
    }
}
