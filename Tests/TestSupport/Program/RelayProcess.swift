// `reprise serve` as a child: started, asked, killed, started again on the same folder and port.

import Foundation
import Reactor
import RepriseClient
import Wire

public final class RelayProcess {
    public let folder: TestFolder
    /// What follows `serve --listen … --data …`.
    public var arguments: [String]
    public var environment: [String: String]
    /// A command in front of it that becomes it, such as a tracer.
    public var wrapper: [String]
    public private(set) var program: RunningProgram
    public private(set) var port: UInt16 = 0
    public private(set) var token = ""

    public var data: String { folder["data"] }
    public var url: String { "http://127.0.0.1:\(port)" }

    public init(
        _ arguments: [String] = ["--opencode", "none"], in folder: TestFolder? = nil, environment: [String: String] = [:],
        wrapper: [String] = []
    ) throws {
        self.folder = try folder ?? TestFolder()
        self.arguments = arguments
        self.environment = environment
        self.wrapper = wrapper
        program = try Self.start(self.folder, port: FreePort.find(), arguments, environment, wrapper)
        try listen()
    }

    private static func start(
        _ folder: TestFolder, port: UInt16, _ arguments: [String], _ environment: [String: String], _ wrapper: [String]
    ) throws -> RunningProgram {
        let words = ["serve", "--listen", "127.0.0.1:\(port)", "--data", folder["data"]] + arguments
        return try Reprise.start(words, in: folder, environment: environment, wrapper: wrapper)
    }

    private func listen() throws {
        guard let line = try program.line(), let mark = line.range(of: "/#token="), let colon = line[..<mark.lowerBound].lastIndex(of: ":"),
            let port = UInt16(line[line.index(after: colon)..<mark.lowerBound])
        else { throw program.disappointed("no URL came") }
        (self.port, token) = (port, String(line[mark.upperBound...]))
    }

    /// SIGKILL, seen through.
    public func kill() throws {
        program.send(.kill)
        try program.wait()
    }

    /// SIGTERM, and how it ended.
    @discardableResult
    public func drain() throws -> ChildStatus {
        program.send(.terminate)
        return try program.wait()
    }

    /// Starts it again: on the same folder and, so that clients find it, the same port.
    public func start() throws {
        program = try Self.start(folder, port: port, arguments, environment, wrapper)
        try listen()
    }

    // Asking.

    /// Where it is asked, by any thread.
    public var api: RelayAPI { RelayAPI(port: port, token: token) }
    public var authorization: (String, String) { api.authorization }

    @discardableResult
    public func ask(_ method: String, _ path: String, _ body: String = "", headers: [(String, String)] = []) throws -> PlainExchange {
        try api.ask(method, path, body, headers: headers)
    }

    public func get(_ path: String, headers: [(String, String)] = []) throws -> JSONValue { try api.get(path, headers: headers) }

    @discardableResult
    public func post(_ path: String, _ body: String, headers: [(String, String)] = []) throws -> JSONValue {
        try api.post(path, body, headers: headers)
    }

    public typealias Refused = RelayAPI.Refused

    public func client(_ change: (inout RepriseOptions) -> Void = { _ in }) throws -> RepriseClient {
        var options = RepriseOptions()
        options.backoffBase = .milliseconds(20)
        options.backoffCap = .milliseconds(500)
        change(&options)
        return try RepriseClient(url: url, token: token, options: options)
    }

    /// The event lines of a topic, each with its LF, from the first one that is kept.
    public func log(_ topic: String) throws -> [String] {
        var lines: [String] = []
        var after = "earliest"
        while true {
            let page = try ask(
                "GET", "/v1/topics/\(topic)/events?after=\(after)&limit=10000", headers: [("accept", "application/x-ndjson")])
            let all = page.text.split(separator: "\n").map(String.init)
            lines += all.filter { $0.hasPrefix(#"{"at":"#) }.map { $0 + "\n" }
            guard let end = try all.last.map({ try JSON.parse(Array($0.utf8)) }), end["type"]?.string == "end",
                let position = end["position"]?.string
            else { throw program.disappointed("a page without an end: \(page.status) \(page.text.prefix(200))") }
            if position == end["head"]?.string { return lines }
            after = position
        }
    }
}
