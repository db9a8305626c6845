// What both logs are asked, and what is the same of both.

import EventLog
import RelayProtocol
import Synchronization

@testable import Sessions

protocol LogUnderTest {
    var told: LogTranscript { get }
    var commands: any CommandStore { get }
    func call(_ calls: [LogCall], _ sinks: [NoticeTray]) throws
    func look(_ look: LogLook) throws
    /// The sink takes so many notices more: from between two of the writer's turns on, never from the middle of one.
    func give(_ room: Int, to sink: NoticeTray)
    /// Everything that was owed and has room is told.
    func settle() throws
    func pass(_ milliseconds: Int64)
    mutating func reopen() throws
}

/// What follows from a batch, the same for both.
enum Deriving {
    static func derive(_ batch: ProjectedEvents) -> [Append] {
        guard batch.topic.kind == .session, batch.events.count > 1 else { return [] }
        return [Append(topic: .lobby, events: [.entry(batch.topic.text, Array(#"{"n":\#(batch.firstOffset)}"#.utf8))])]
    }
}

/// ms since 1970.
final class HistoryClock: Sendable {
    private let time = Atomic<Int64>(1000)

    var now: Int64 { time.load(ordering: .acquiring) }
    func pass(_ milliseconds: Int64) { time.add(milliseconds, ordering: .acquiringAndReleasing) }
}

/// Answers of one turn, until they are told kind by kind.
struct TurnAnswers: Sendable {
    let appends = SimulatedMailbox<Result<[Appended], LogError>>()
    let removals = SimulatedMailbox<Result<Bool, LogError>>()
    let outcomes = SimulatedMailbox<CommandIntake.Outcome?>()
    let changes = SimulatedMailbox<Bool>()

    func tell(_ told: LogTranscript) {
        for answer in appends.takeAll() { told.say(answer) }
        for answer in removals.takeAll() { told.say("\(answer)") }
        for outcome in outcomes.takeAll() { told.say(outcome.map { "\($0)" } ?? "not stored") }
        for answer in changes.takeAll() { told.say("changed: \(answer)") }
    }
}

extension LogUnderTest {
    func take(_ request: CommandRequest, _ identifiers: [String]?, _ answers: TurnAnswers) {
        commands.take(CommandIntake(request, identifiers: identifiers)) { answers.outcomes.post($0) }
    }

    func change(_ key: CommandKey, _ change: CommandChange, _ notice: Append?, _ answers: TurnAnswers) {
        commands.change(key, change, notice: notice) { answers.changes.post($0) }
    }
}
