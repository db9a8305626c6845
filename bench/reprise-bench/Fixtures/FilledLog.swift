// A data folder as a long-lived server leaves it: a session of so many events, as an agent's turns make them, and the plain topic `bench` with
// as many. Written by the log itself, so that nothing is in it that a server could not have written.

import EventLog
import Reactor
import RelayProtocol
import Sessions

struct FilledLog {
    static let session = "ses_bench"
    private static let batch = 2000

    let data: DataFolder
    /// Of the plain topic: so many events follow it.
    let behind: Position

    /// - Parameter tail: how many events follow `behind`.
    init(events: Int, tail: Int) throws {
        data = try DataFolder()
        let log = try EventLog.open(folder: data.url.path, projection: { SessionProjection() }, logger: Logger { _ in })
        defer { log.close() }
        guard let session = TopicName(Self.session), let bench = TopicName("bench") else { throw BenchFailure("no such topic") }
        var turns = AgentTurns(session: Self.session)
        for start in stride(from: 0, to: events, by: Self.batch) {
            _ = try Self.append((start..<min(start + Self.batch, events)).map { _ in turns.next() }, to: session, log)
        }
        var behind = Position.origin
        for start in stride(from: 0, to: events - tail, by: Self.batch) {
            behind = try Self.append(Self.numbered(start..<min(start + Self.batch, events - tail)), to: bench, log)
        }
        self.behind = behind
        _ = try Self.append(Self.numbered(events - tail..<events), to: bench, log)
    }

    private static func numbered(_ places: Range<Int>) -> [Event] {
        places.map { Event(.plain, payload: Publication.event($0 + 1, bytes: 200)) }
    }

    private static func append(_ events: [Event], to topic: TopicName, _ log: EventLog) throws -> Position {
        let answers = BlockingQueue<Result<[Appended], LogError>>()
        log.append([Append(topic: topic, events: events)]) { answers.post(always: $0) }
        guard let last = try answers.take()?.get().last?.last else { throw BenchFailure("the log answered nothing") }
        return last
    }
}
