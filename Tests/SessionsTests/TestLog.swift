// A real log with the projection, in a temporary folder that goes with it.

import EventLog
import Foundation
import Reactor
import RelayProtocol
import SQLite
import Sessions
import Synchronization
import Testing
import Wire

final class TestLog: Sendable {
    let folder: String
    let log: EventLog
    private let isClosed = Atomic(false)

    /// Over a new folder, or over the one that another test log has closed.
    init(folder known: String? = nil, now: @escaping @Sendable () -> Int64 = { WallClock.now }) throws {
        folder = known ?? FileManager.default.temporaryDirectory.appending(path: "sessions-\(UUID().uuidString)").path()
        if known == nil { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
        log = try EventLog.open(folder: folder, options: LogOptions(now: now), projection: { SessionProjection() }, logger: Logger { _ in })
    }

    deinit {
        guard !isClosed.load(ordering: .acquiring) else { return }
        log.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Leaves the folder to whoever comes next.
    func close() {
        isClosed.store(true, ordering: .releasing)
        log.close()
    }

    /// The same log with all rows made anew.
    func rebuilt() throws -> TestLog {
        close()
        _ = try EventLog.rebuild(folder: folder, projection: SessionProjection())
        return try TestLog(folder: folder)
    }

    func append(_ events: [Event], to topic: String) async throws {
        try await append([(topic, events)])
    }

    /// In one commit.
    func append(_ events: [(topic: String, events: [Event])]) async throws {
        let appends = try events.map { Append(topic: try #require(TopicName($0.topic)), events: $0.events) }
        _ = try await withCheckedThrowingContinuation { continuation in log.append(appends) { continuation.resume(with: $0) } }
    }

    func read<T: Sendable>(_ job: @escaping @Sendable (LogSnapshot) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            log.read {
                try $0.transaction(job)
            } _: {
                continuation.resume(with: $0)
            }
        }
    }

    func perform<T: Sendable>(_ work: @escaping @Sendable (WriterContext) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            log.perform(work) { continuation.resume(with: $0) }
        }
    }

    /// Every event of a topic, as its log has it.
    func events(of topic: String) async throws -> [Event] {
        let name = try #require(TopicName(topic))
        let bytes = try await read { try $0.page(name, after: 0, maxBytes: .max, maxEvents: .max).bytes }
        return try bytes.split(separator: UInt8(ascii: "\n")).map { try EventLine.parse(Array($0)).event }
    }

    func open(_ id: String) async throws -> JSONValue {
        let body = try await read { try SessionReads.open(id, in: $0) }
        return try JSON.parse(try #require(body), depth: Limits.lineDepth)
    }

    func list(_ query: SessionListQuery = SessionListQuery()) async throws -> JSONValue {
        try JSON.parse(try await read { try SessionReads.list(query, in: $0) })
    }
}

func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
