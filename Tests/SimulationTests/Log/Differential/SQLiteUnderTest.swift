// The log over a folder, as the differential test drives it.

import EventLog
import Foundation
import Reactor
import RelayProtocol
import SQLite

@testable import Sessions

struct SQLiteUnderTest: LogUnderTest {
    /// Keeps the rows that commands are judged by. What follows from a batch is the test's own.
    final class DerivingProjection: Projection {
        private let sessions = SessionProjection()

        func install(in database: SQLite.Connection) throws { try sessions.install(in: database) }
        func clear(in database: SQLite.Connection) throws { try sessions.clear(in: database) }
        func apply(_ batch: ProjectedEvents, in database: SQLite.Connection) throws -> [Append] {
            if CommandHistory.sessions.contains(batch.topic.text) { _ = try sessions.apply(batch, in: database) }
            return Deriving.derive(batch)
        }
        func rolledBack() { sessions.rolledBack() }
    }

    let told = LogTranscript()
    private let clock = HistoryClock()
    private let folder: String
    private var log: EventLog

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "simulation-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        log = try Self.open(folder, clock)
    }

    private static func open(_ folder: String, _ clock: HistoryClock) throws -> EventLog {
        var options = LogOptions { clock.now }
        options.keptServerEvents = LogHistory.kept
        options.keptLobbyEvents = LogHistory.kept
        return try EventLog.open(folder: folder, options: options, projection: { DerivingProjection() }, logger: Logger { _ in })
    }

    func remove() {
        log.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    mutating func reopen() throws {
        log.close()
        log = try Self.open(folder, clock)
    }

    func call(_ calls: [LogCall], _ sinks: [NoticeTray]) throws {
        let answers = TurnAnswers()
        // The writer stands at the gate before anything is posted, so that it takes all of it at once.
        let (standing, gate) = (BlockingQueue<Bool>(), BlockingQueue<Bool>())
        log.perform(
            { _ in
                standing.post(always: true)
                _ = gate.take()
            }, { _ in })
        _ = standing.take()
        for call in calls {
            switch call {
            case .append(let appends): log.append(appends) { answers.appends.post($0) }
            case .delete(let topic): log.delete(topic) { answers.removals.post($0) }
            case .watch(let topic, let sink): log.watch(topic, sinks[sink])
            case .unwatch(let topic, let sink): log.unwatch(topic, sinks[sink])
            case .take(let request, let identifiers): take(request, identifiers, answers)
            case .change(let key, let change, let notice): self.change(key, change, notice, answers)
            }
        }
        gate.close()
        barrier()
        answers.tell(told)
    }

    func pass(_ milliseconds: Int64) { clock.pass(milliseconds) }

    var commands: any CommandStore { LoggedCommands(log: log) }

    func give(_ room: Int, to sink: NoticeTray) {
        let done = BlockingQueue<Bool>()
        log.perform({ _ in sink.setRoom(room) }, { _ in done.post(always: true) })
        _ = done.take()
    }

    /// Requests are taken in order: when the second one is answered, the writer has settled what came before the first.
    func settle() {
        barrier()
        barrier()
    }

    private func barrier() {
        let done = BlockingQueue<Bool>()
        log.perform({ _ in true }, { _ in done.post(always: true) })
        _ = done.take()
    }

    func look(_ look: LogLook) throws {
        switch look {
        case .state(let topic): told.say(try read { try $0.topic(topic) })
        case .page(let topic, let after, let bytes, let events):
            told.say(try read { try $0.page(topic, after: after, maxBytes: bytes, maxEvents: events) })
        case .resume(let topic, let number, let shift):
            let point = told.point(number: number, shift: shift)
            told.say(try read { try $0.resume(topic, after: point) })
        case .resumeText(let topic, let point): told.say(try read { try $0.resume(topic, after: point) })
        case .command(let key): told.say("\(ask { commands.find(key, $0) })")
        case .undecided: told.say("\(ask { commands.undecided($0) })")
        case .target(let stop): told.say("\(ask { commands.target(of: stop, $0) })")
        }
    }

    private func ask<T: Sendable>(_ question: (@escaping @Sendable (T) -> Void) -> Void) -> [T] {
        let answers = BlockingQueue<T>()
        question { answers.post(always: $0) }
        return answers.take().map { [$0] } ?? []
    }

    private func read<T: Sendable>(_ job: @escaping @Sendable (LogSnapshot) throws -> T) throws -> T {
        let answers = BlockingQueue<Result<T, any Error>>()
        log.read({ try $0.transaction(job) }, { answers.post(always: $0) })
        guard let answer = answers.take() else { throw LogError.closed }
        return try answer.get()
    }
}
