// Reads OpenCode's own stream beside the program, over a socket and on a thread of its own, and counts what it tells.

import Foundation
import Reactor
import Synchronization
import TestSupport
import Wire

final class OpenCodeStreamReader: Sendable {
    struct Missing: Error, CustomStringConvertible {
        let what: String
        var description: String { "OpenCode's stream never told \(what)" }
    }

    private let opencode: RealOpenCode
    private let news = ChangeSignal()
    // reads: lock; writes: lock
    private let state: Mutex<StreamTally>

    init(_ opencode: RealOpenCode) throws {
        self.opencode = opencode
        state = Mutex(StreamTally(opencode.generation))
        try listen()
    }

    /// Opens the stream, again after a death. It ends with the server.
    func listen() throws {
        let opened = BlockingQueue<Result<Void, any Error>>()
        let (port, authorization) = (opencode.port, opencode.authorization)
        let target = opencode.generation == .first ? "/global/event" : "/api/event"
        Thread.detachNewThread { [self] in
            do {
                let stream = try PlainStream.open(port, target, headers: [authorization])
                // The stream is subscribed to when its first frame has come.
                _ = try stream.next()
                opened.post(always: .success(()))
                while let frame = try stream.next() {
                    let value = try JSON.parse(frame.data, depth: 1024)
                    state.withLock { $0.hear(value) }
                    news.post()
                }
            } catch { opened.post(always: .failure(error)) }
            state.withLock { $0.forgetRuns() }
            news.post()
        }
        try opened.takeAll(within: TestSocket.limit)?.first?.get()
    }

    var heard: StreamTally { state.withLock { $0 } }
    func session(_ id: String) -> StreamTally.Session { state.withLock { $0.sessions[id] ?? StreamTally.Session() } }

    /// Waits until something was heard; it may have been.
    func wait(for what: String, within limit: Duration = .seconds(60), _ isThere: @Sendable (StreamTally) -> Bool) throws {
        guard news.wait(within: limit, until: { isThere(heard) }) else { throw Missing(what: what) }
    }

    /// Until so many turns of a session are over.
    func untilIdle(_ session: String, turns: Int) throws {
        try wait(for: "the end of turn \(turns) of \(session)") { ($0.sessions[session]?.counts["idle"] ?? 0) >= turns }
    }
}
