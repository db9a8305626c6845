// A subscriber that comes back after every cut with the position of its last whole event, until it has reached a goal. On a thread of its
// own, over plain sockets.

import Foundation
import Reactor
import Synchronization
import TestSupport
import Wire

final class ResumingReader: Sendable {
    struct Heard {
        /// Event lines with their LF.
        var lines: [String] = []
        var position: String?
        /// How each connection began: `exact`, or another with its reason.
        var starts: [String] = []
        /// What a server must not do.
        var faults: [String] = []
        var goal: String?
    }

    let name: String
    private let clothes: Clothes
    private let port: UInt16
    private let path: String
    private let token: String
    private let news = BlockingQueue<Bool>()
    private let done = BlockingQueue<Bool>()
    // reads: lock; writes: lock
    private let heard = Mutex(Heard())

    /// - Parameter path: `/v1/sessions/ID` or `/v1/topics/NAME`.
    init(_ clothes: Clothes, port: UInt16, path: String, token: String, seed: Seed) {
        (self.clothes, self.port, self.path, self.token) = (clothes, port, path, token)
        name = clothes.rawValue
        Thread.detachNewThread { [self] in
            var seed = seed
            while !isDone { if !connectOnce(&seed) { rest() } }
            done.close()
        }
    }

    var result: Heard { heard.withLock { $0 } }

    private var isDone: Bool { heard.withLock { heard in heard.goal.map { (heard.position ?? "") >= $0 } ?? false } }

    /// Ends when this position is reached; it may have been.
    func finish(at goal: String) {
        heard.withLock { $0.goal = goal }
        news.post(always: true)
    }

    /// Whether it came to its end in time.
    func waitUntilFinished() -> Bool { done.takeAll(within: .seconds(60)) == nil }

    /// Waits until so many events were heard, or any that is like this.
    func wait(for what: String, _ isThere: @Sendable ([String]) -> Bool) throws {
        let end = ContinuousClock.now + .seconds(60)
        while !heard.withLock({ isThere($0.lines) }) {
            guard news.takeAll(within: end - .now)?.isEmpty == false else { throw Missing(what: what, name: name, lines: result.lines.suffix(3)) }
        }
    }

    struct Missing: Error {
        let what: String
        let name: String
        let lines: [String]
    }

    /// A client that cannot connect waits before it tries again.
    private func rest() { _ = BlockingQueue<Bool>().takeAll(within: .milliseconds(20)) }

    /// False if not a byte of sense came.
    private func connectOnce(_ seed: inout Seed) -> Bool {
        guard let socket = try? TestSocket(port: port) else { return false }
        defer { socket.close() }
        let nonce = (0..<16).map { _ in UInt8.random(in: 0...255, using: &seed) }
        var stream = LineStream(clothes, nonce: nonce)
        socket.write(request(nonce, &seed))
        var isUseful = false
        while !isDone {
            switch stream.next() {
            case .line(let line):
                isUseful = take(line) || isUseful
            case .send(let bytes): socket.write(bytes)
            case .end: return isUseful
            case .needMore:
                do {
                    guard let bytes = try socket.read(within: .milliseconds(500)) else { return isUseful }
                    stream.receive(bytes)
                } catch { continue }  // silence: the goal may have been set meanwhile
            }
        }
        return true
    }

    private func request(_ nonce: [UInt8], _ seed: inout Seed) -> [UInt8] {
        let position = heard.withLock { $0.position } ?? "earliest"
        var query = "after=\(position)"
        if clothes == .longPoll || clothes == .page { query += "&limit=\(seed.magnitude(in: 1...500))" }
        if clothes == .longPoll { query += "&wait=2" }
        var headers = clothes.headers
        headers.add("authorization", "Bearer \(token)")
        let target = "\(path)/\(clothes.route)?\(query)"
        var bytes: [UInt8] = []
        if clothes == .webSocket {
            WebSocketHandshake.request(target: target, host: "127.0.0.1:\(port)", nonce: nonce, headers: headers).encoded(into: &bytes)
        } else {
            headers.add("host", "127.0.0.1:\(port)")
            HTTPRequestHead(target: target, headers: headers).encoded(into: &bytes)
        }
        return bytes
    }

    /// True for an event.
    private func take(_ line: LineStream.Line) -> Bool {
        let text = String(decoding: line.bytes, as: UTF8.self)
        guard text.hasPrefix(#"{"at":""#) else {
            control(text)
            return false
        }
        let position = String(text.dropFirst(7).prefix(21))
        heard.withLock { heard in
            if let last = heard.position, position <= last { heard.faults.append("\(position) after \(last)") }
            if clothes == .events, line.id.map({ String(decoding: $0, as: UTF8.self) }) != position { heard.faults.append("id of \(position)") }
            heard.lines.append(text)
            heard.position = position
        }
        news.post(always: true)
        return true
    }

    private func control(_ text: String) {
        guard let line = try? JSON.parse(Array(text.utf8), depth: 1024), let type = line["type"]?.string else {
            return heard.withLock { $0.faults.append("no line: \(text)") }
        }
        switch type {
        case "hello": heard.withLock { $0.starts.append([line["start"]?.string, line["reason"]?.string].compactMap(\.self).joined(separator: " ")) }
        case "heartbeat", "end", "drain": break
        default: heard.withLock { $0.faults.append("a line of type \(type)") }
        }
    }
}
