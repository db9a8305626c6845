// Both logs behind one face: calls in, what was told out.

import EventLog
import Foundation
import Reactor
import RelayProtocol
import SQLite

/// What follows from a batch, the same for both.
enum Deriving {
    static func derive(_ batch: ProjectedEvents) -> [Append] {
        guard batch.topic.kind == .session, batch.events.count > 1 else { return [] }
        return [Append(topic: .lobby, events: [.entry(batch.topic.text, Array(#"{"n":\#(batch.firstOffset)}"#.utf8))])]
    }
}

protocol LogUnderTest {
    var told: LogTranscript { get }
    func call(_ calls: [LogCall], _ sinks: [NoticeTray]) throws
    func look(_ look: LogLook) throws
    /// The sink takes so many notices more: from between two of the writer's turns on, never from the middle of one.
    func give(_ room: Int, to sink: NoticeTray)
    /// Everything that was owed and has room is told.
    func settle() throws
    mutating func reopen() throws
}

struct MemoryUnderTest: LogUnderTest {
    let told = LogTranscript()
    private var log = MemoryLog(Disk(), options: Self.options, seed: 1) { 1000 }

    private static var options: MemoryLog.Options {
        MemoryLog.Options(keptServerEvents: LogHistory.kept, keptLobbyEvents: LogHistory.kept, derive: Deriving.derive)
    }

    func call(_ calls: [LogCall], _ sinks: [NoticeTray]) {
        let answers = SimulatedMailbox<Result<[Appended], LogError>>()
        let removals = SimulatedMailbox<Result<Bool, LogError>>()
        for call in calls {
            switch call {
            case .append(let appends): log.requests.post(.append(appends) { answers.post($0) })
            case .delete(let topic): log.requests.post(.delete(topic) { removals.post($0) })
            case .watch(let topic, let sink): log.requests.post(.watch(topic, sinks[sink]))
            case .unwatch(let topic, let sink): log.requests.post(.unwatch(topic, sinks[sink]))
            }
        }
        while !log.requests.isEmpty || log.isAtWork { log.step() }
        for answer in answers.takeAll() { told.say(answer) }
        for answer in removals.takeAll() { told.say("\(answer)") }
    }

    func give(_ room: Int, to sink: NoticeTray) { sink.setRoom(room) }

    func settle() { log.step() }

    func look(_ look: LogLook) {
        switch look {
        case .state(let topic): told.say(log.disk.state(topic))
        case .page(let topic, let after, let bytes, let events):
            told.say(log.disk.page(topic, after: after, maxBytes: bytes, maxEvents: events))
        case .resume(let topic, let number, let shift): told.say(log.disk.resume(topic, after: told.point(number: number, shift: shift)))
        case .resumeText(let topic, let point): told.say(log.disk.resume(topic, after: point))
        }
    }

    mutating func reopen() { log = MemoryLog(log.disk, options: Self.options, seed: 1) { 1000 } }
}

/// The log itself, over a folder.
struct SQLiteUnderTest: LogUnderTest {
    final class DerivingProjection: Projection {
        func install(in database: SQLite.Connection) {}
        func clear(in database: SQLite.Connection) {}
        func apply(_ batch: ProjectedEvents, in database: SQLite.Connection) -> [Append] { Deriving.derive(batch) }
        func rolledBack() {}
    }

    let told = LogTranscript()
    private let folder: String
    private var log: EventLog

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "simulation-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        log = try Self.open(folder)
    }

    private static func open(_ folder: String) throws -> EventLog {
        var options = LogOptions { 1000 }
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
        log = try Self.open(folder)
    }

    func call(_ calls: [LogCall], _ sinks: [NoticeTray]) throws {
        let answers = SimulatedMailbox<Result<[Appended], LogError>>()
        let removals = SimulatedMailbox<Result<Bool, LogError>>()
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
            case .append(let appends): log.append(appends) { answers.post($0) }
            case .delete(let topic): log.delete(topic) { removals.post($0) }
            case .watch(let topic, let sink): log.watch(topic, sinks[sink])
            case .unwatch(let topic, let sink): log.unwatch(topic, sinks[sink])
            }
        }
        gate.close()
        barrier()
        for answer in answers.takeAll() { told.say(answer) }
        for answer in removals.takeAll() { told.say("\(answer)") }
    }

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
        }
    }

    private func read<T: Sendable>(_ job: @escaping @Sendable (LogSnapshot) throws -> T) throws -> T {
        let answers = BlockingQueue<Result<T, any Error>>()
        log.read({ try $0.transaction(job) }, { answers.post(always: $0) })
        guard let answer = answers.take() else { throw LogError.closed }
        return try answer.get()
    }
}
