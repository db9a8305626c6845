// A real server over a real log in a temporary folder, on a port of its own. It goes with the test.

import EventLog
import Foundation
import Reactor
import RelayProtocol
import Server
import Sessions
import Synchronization
import TestSupport
import Wire

final class TestServer: Sendable {
    static let token = "a-token-for-tests-0123456789"

    let log: EventLog
    let server: Server
    let options: ServerOptions
    let counters: Counters
    /// Every line that was logged.
    let logged: Logged
    /// The root under which sessions may be created; the data are in it too.
    let folder: String

    /// - Parameter isConnected: OpenCode seems to be there: commands are accepted, and nothing comes of them.
    init(isConnected: Bool = false, log logOptions: LogOptions = LogOptions(), _ configure: (inout ServerOptions) -> Void = { _ in }) throws
    {
        folder = FileManager.default.temporaryDirectory.appending(path: "server-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let logged = Logged()
        let logger = Logger(level: .debug) { logged.add($0) }
        let log = try EventLog.open(folder: folder, options: logOptions, projection: { SessionProjection() }, logger: logger)
        let counters = Counters()
        let commands = CommandService(log: log, identifiers: { _, _ in isConnected ? .init(generation: nil, all: ["msg_made"]) : nil }) {
            _ in
        }
        let page = Assets.File(type: "text/html; charset=utf-8", bytes: Array("<!doctype html>".utf8), tag: "\"1\"")
        let services = Services(
            log: log, commands: commands, roots: [folder], assets: Assets(files: ["/": page]), counters: counters, logger: logger,
            open: { _, done in done(true) }, upstream: { Array(#"{"state":"none"}"#.utf8) })
        var options = ServerOptions(listen: SocketAddress(host: "127.0.0.1", port: 0) ?? Self.nowhere)
        options.token = Self.token
        options.loops = 2
        configure(&options)
        server = try Server.start(options, services: services)
        (self.log, self.counters, self.logged, self.options) = (log, counters, logged, options)
    }

    deinit {
        server.stop()
        log.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static var nowhere: SocketAddress { preconditionFailure("127.0.0.1 is an address") }

    var port: UInt16 { server.boundAddress.port }
    static let authorization = ("authorization", "Bearer \(token)")

    // Asking.

    func ask(_ method: String, _ target: String, headers: [(String, String)] = [], body: String = "") throws -> PlainExchange {
        try PlainExchange.ask(port, method, target, headers: [Self.authorization] + headers, body: body)
    }

    /// Publishes these JSON values and gives their positions' end points.
    @discardableResult
    func publish(_ topic: String, _ values: [String]) throws -> (first: Position, last: Position) {
        let answer = try ask(
            "POST", "/v1/topics/\(topic)/events", headers: [("content-type", "application/x-ndjson")], body: values.joined(separator: "\n"))
        let body = try JSON.parse(answer.body)
        guard let first = body["first"]?.string.flatMap({ Position($0) }), let last = body["last"]?.string.flatMap({ Position($0) })
        else { throw Unexpected(answer.text) }
        return (first, last)
    }

    func append(_ events: [Event], to topic: String) throws {
        guard let name = TopicName(topic) else { throw Unexpected("not a topic") }
        let done = BlockingQueue<Bool>()
        log.append([Append(topic: name, events: events)]) { done.post(always: (try? $0.get()) != nil) }
        guard done.take() == true else { throw Unexpected("not appended") }
    }

    /// What the writer does behind a commit is done: it takes this request after that.
    func settle() {
        let done = BlockingQueue<Bool>()
        log.perform({ _ in true }, { _ in done.post(always: true) })
        _ = done.take()
    }

    /// Makes the log's files unreadable but for their first page.
    func spoilLog() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.contains("db") {
            guard let file = FileHandle(forUpdatingAtPath: folder + "/" + name), !name.hasSuffix("-shm") else { continue }
            let size = try file.seekToEnd()
            try file.seek(toOffset: min(size, 16 << 10))
            if size > 16 << 10 { try file.write(contentsOf: Data(repeating: 0x55, count: Int(size) - (16 << 10))) }
            try file.close()
        }
    }

    /// One number of `/metrics`, as it stands.
    func figure(_ name: String) throws -> Int {
        guard let reading = counters.readings().first(where: { $0.name == name }) else { throw Unexpected("no figure \(name)") }
        return reading.value
    }

    // Reading.

    func webSocket(
        _ target: String, headers: [(String, String)]? = nil, _ more: (inout [UInt8]) -> Void = { _ in }
    ) throws -> TestWebSocket {
        try TestWebSocket.open(port, target, headers: headers ?? [Self.authorization], more)
    }

    func stream(_ target: String, headers: [(String, String)] = [], pauses: Bool = false) throws -> PlainStream {
        try PlainStream.open(port, target, headers: [Self.authorization] + headers, pauses: pauses)
    }

    /// The lines of a page.
    func page(_ target: String) throws -> [String] {
        try ask("GET", target).text.split(separator: "\n").map(String.init)
    }
}

final class Logged: Sendable {
    private let lines = Mutex<[UInt8]>([])
    func add(_ line: [UInt8]) { lines.withLock { $0 += line } }
    var text: String { lines.withLock { String(decoding: $0, as: UTF8.self) } }
}
