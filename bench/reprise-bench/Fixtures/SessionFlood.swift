// A session of a scripted OpenCode, driven through Reprise, that is told to talk without end.

import Foundation
import Reactor
import Wire

struct SessionFlood {
    private static let patience = Duration.seconds(110)
    private let target: LoadTarget
    private let setup: BenchSetup
    private let session: String

    /// Waits until OpenCode is connected.
    init(_ server: MeasuredServer, _ setup: BenchSetup) throws {
        (target, self.setup) = (server.target, setup)
        let end = ContinuousClock.now + .seconds(20)
        while true {
            let answer = try Self.post("/v1/sessions", #"{"title":"a flood"}"#, server.target, setup)
            if answer.head.status == 201, let id = (try? JSON.parse(answer.body))?["id"]?.string {
                session = id
                return
            }
            guard ContinuousClock.now < end else { throw BenchFailure("no session: \(String(decoding: answer.body, as: UTF8.self))") }
            Thread.sleep(forTimeInterval: 0.05)
        }
    }

    /// Until so many more events are committed; gives how many there were.
    func run(_ events: Int) throws -> Double {
        let before = try committed()
        let answer = try Self.post("/v1/sessions/\(session)/chat", #"{"content":"flood \#(events)"}"#, target, setup)
        guard answer.head.status == 202 else { throw BenchFailure("no flood: \(String(decoding: answer.body, as: UTF8.self))") }
        let end = ContinuousClock.now + Self.patience
        while true {
            let count = try committed() - before
            if count >= Double(events) { return count }
            guard ContinuousClock.now < end else { throw BenchFailure("only \(Int(count)) of \(events) events were committed") }
            Thread.sleep(forTimeInterval: 0.02)
        }
    }

    private func committed() throws -> Double {
        let answer = try setup.generator.request(target, HTTPRequest(target: "/metrics"))
        let line = String(decoding: answer.body, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("reprise_log_events_total ") }
        guard let count = line?.split(separator: " ").last.flatMap({ Double($0) }) else {
            throw BenchFailure("/metrics has no event count")
        }
        return count
    }

    private static func post(_ path: String, _ body: String, _ target: LoadTarget, _ setup: BenchSetup) throws -> HTTPResponse {
        let headers = HTTPHeaders([("Content-Type", "application/json")])
        return try setup.generator.request(target, HTTPRequest(method: "POST", target: path, headers: headers, body: Array(body.utf8)))
    }
}
