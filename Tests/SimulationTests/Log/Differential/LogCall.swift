// One call of a log's interface, as both logs are given it.

import EventLog
import OpenCode
import RelayProtocol

@testable import Sessions

enum LogCall: Sendable {
    case append([Append])
    case delete(TopicName)
    case watch(TopicName, sink: Int)
    case unwatch(TopicName, sink: Int)
    /// A command comes in, for the first time or again; `identifiers` are nil while no OpenCode is connected.
    case take(CommandRequest, identifiers: [String]?)
    /// The runner has come further with one.
    case change(CommandKey, CommandChange, notice: Append?)
}

enum LogLook: Sendable {
    case state(TopicName)
    case page(TopicName, after: UInt64, maxBytes: Int, maxEvents: Int)
    /// The position that was given as the so-many-th.
    case resume(TopicName, number: Int, shift: Int)
    case resumeText(TopicName, ResumePoint)
    case command(CommandKey)
    case undecided
    case target(of: StoredCommand)
}

enum LogAct {
    /// Posted together, before the writer takes any of them.
    case calls([LogCall])
    case look(LogLook)
    /// A sink takes so many notices more.
    case room(sink: Int, Int)
    /// ms.
    case pass(Int64)
    case reopen
}

extension CommandIntake {
    init(_ request: CommandRequest, identifiers: [String]?) {
        let key = CommandKey(session: request.session, by: request.by, id: request.id?.text ?? "")
        self.init(request: request, key: key) { _, _ in identifiers.map { UpstreamIdentifiers(generation: "1", all: $0) } }
    }
}
