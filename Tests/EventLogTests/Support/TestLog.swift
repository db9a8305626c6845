// A log over real files, asked synchronously.

import EventLog
import LogFixtures
import Reactor
import RelayProtocol
import SQLite
import Synchronization
import Testing

final class TestClock: Sendable {
    private let time: Mutex<Int64>
    init(_ time: Int64 = 1_000_000) { self.time = Mutex(time) }
    var now: Int64 { time.withLock { $0 } }
    func set(_ time: Int64) { self.time.withLock { $0 = time } }
}

final class TestLog {
    let folder: TemporaryFolder
    let script = SpyProjection.Script()
    let clock: TestClock
    private(set) var log: EventLog
    private let options: LogOptions
    private var isOpen = true

    init(folder: TemporaryFolder? = nil, clock: TestClock = TestClock(), _ change: (inout LogOptions) -> Void = { _ in }) throws {
        let folder = try folder ?? TemporaryFolder()
        var options = LogOptions(now: { clock.now })
        change(&options)
        (self.folder, self.clock, self.options) = (folder, clock, options)
        let script = script
        log = try EventLog.open(folder: folder.path, options: options, projection: { SpyProjection(script) }, logger: .silent)
    }

    deinit { if isOpen { log.close() } }

    func close() {
        log.close()
        isOpen = false
    }

    func reopen() throws {
        if isOpen { close() }
        let script = script
        log = try EventLog.open(folder: folder.path, options: options, projection: { SpyProjection(script) }, logger: .silent)
        isOpen = true
    }

    @discardableResult
    func append(
        _ topic: String, _ payloads: [String], record: [UInt8]? = nil, key: String? = nil, body: String = "", blobs: [Blob] = []
    ) throws -> Appended {
        let appended = try append([try Append(topic, payloads, record: record, key: key, body: body)], blobs: blobs)
        return try #require(appended.first)
    }

    @discardableResult
    func append(_ appends: [Append], blobs: [Blob] = []) throws -> [Appended] {
        let answer = Answer<Result<[Appended], LogError>>()
        log.append(appends, blobs: blobs) { answer.give($0) }
        return try answer.take().get()
    }

    func delete(_ topic: String) throws -> Bool {
        let answer = Answer<Result<Bool, LogError>>()
        log.delete(try name(topic)) { answer.give($0) }
        return try answer.take().get()
    }

    func read<T: Sendable>(_ job: @escaping @Sendable (LogSnapshot) throws -> T) throws -> T {
        let answer = Answer<Result<T, any Error>>()
        log.read {
            try $0.transaction(job)
        } _: {
            answer.give($0)
        }
        return try answer.take().get()
    }

    func perform<T: Sendable>(_ work: @escaping @Sendable (WriterContext) throws -> T) throws -> T {
        let answer = Answer<Result<T, any Error>>()
        log.perform(work) { answer.give($0) }
        return try answer.take().get()
    }

    /// Holds the writer until `open` of what is returned is called: what is asked meanwhile becomes one group.
    func holdWriter() throws -> Gate {
        let gate = Gate()
        let held = Answer<Bool>()
        log.perform { _ in
            held.give(true)
            gate.wait()
        } _: { _ in
        }
        _ = try held.take()
        return gate
    }

    /// Every line that is kept, as it is.
    func lines(_ topic: String) throws -> [String] {
        let name = try name(topic)
        let bytes = try read { try $0.page(name, after: 0, maxBytes: .max, maxEvents: .max).bytes }
        return bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Of any topic: payloads as they stand in the lines.
    func payloads(_ topic: String) throws -> [String] {
        try lines(topic).map { String(decoding: try EventLine.parse(Array($0.utf8), isPlain: true).event.payload, as: UTF8.self) }
    }

    func resume(_ topic: String, _ point: ResumePoint) throws -> Resume {
        let name = try name(topic)
        return try read { try $0.resume(name, after: point) }
    }

    func number(_ sql: String) throws -> Int64 {
        try read { snapshot in
            let row = try snapshot.database.oneOff(sql)
            return try row.step() ? row.int(0) : -1
        }
    }
}

/// A door that one thread waits at.
struct Gate: Sendable {
    private let queue = BlockingQueue<Bool>()
    func open() { queue.close() }
    func wait() { _ = queue.take() }
}

func name(_ text: String) throws -> TopicName { try #require(TopicName(text)) }

extension ResumePoint {
    static func at(_ position: Position) -> ResumePoint { .text(Array(position.description.utf8)) }
    static func at(_ text: String) -> ResumePoint { .text(Array(text.utf8)) }
}

extension Append {
    /// Payloads of a plain topic are JSON values; those of others are said by `type`.
    init(_ topic: String, _ payloads: [String], record: [UInt8]? = nil, key: String? = nil, body: String = "") throws {
        let name = try name(topic)
        self.init(
            topic: name, events: payloads.map { Event(name.kind == .plain ? .plain : .notice, payload: Array($0.utf8)) }, record: record,
            idempotency: key.map { IdempotencyKey(key: $0, bodyHash: Array(body.utf8)) })
    }
}
