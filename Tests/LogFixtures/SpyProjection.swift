import EventLog
import RelayProtocol
import SQLite
import Synchronization

/// Keeps what it is shown in a table of its own; what it derives and when it fails, the test says.
public final class SpyProjection: Projection {
    public struct Boom: Error {}

    public final class Script: Sendable {
        struct State {
            var derive: @Sendable (ProjectedEvents) -> [Append] = { _ in [] }
            var rollBacks = 0
            var batches: [ProjectedEvents] = []
        }
        let state = Mutex(State())

        public init() {}

        public func derive(_ derive: @escaping @Sendable (ProjectedEvents) -> [Append]) { state.withLock { $0.derive = derive } }
        public var rollBacks: Int { state.withLock { $0.rollBacks } }
        public var batches: [ProjectedEvents] { state.withLock { $0.batches } }
    }

    private let script: Script

    public init(_ script: Script = Script()) { self.script = script }

    public func install(in database: Connection) throws {
        try database.execute("CREATE TABLE IF NOT EXISTS spied (topic TEXT, offset INTEGER, payload TEXT)")
    }

    public func clear(in database: Connection) throws { try database.execute("DELETE FROM spied") }

    public func apply(_ batch: ProjectedEvents, in database: Connection) throws -> [Append] {
        for (index, event) in batch.events.enumerated() {
            let payload = String(decoding: event.payload, as: UTF8.self)
            if payload.contains("boom") { throw Boom() }
            let insert = try database.statement("INSERT INTO spied VALUES (?1, ?2, ?3)")
            insert.bind(1, batch.topic.text)
            insert.bind(2, Int64(batch.firstOffset) + Int64(index))
            insert.bind(3, payload)
            try insert.run()
        }
        return script.state.withLock { state in
            state.batches.append(batch)
            return state.derive(batch)
        }
    }

    public func rolledBack() { script.state.withLock { $0.rollBacks += 1 } }

    public static func rows(_ database: Connection) throws -> [String] {
        let rows = try database.statement("SELECT topic || ' ' || offset || ' ' || payload FROM spied ORDER BY topic, offset")
        defer { rows.reset() }
        var all: [String] = []
        while try rows.step() { all.append(rows.text(0)) }
        return all
    }
}
