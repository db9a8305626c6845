// The scripted agent on a loopback port, with a thread of its own. Several may run side by side, each with its agent.

import Reactor
import Synchronization

public final class ScriptedServer: Sendable {
    public let port: UInt16
    public let password: String?

    private let thread: LoopThread
    private let mailbox: Mailbox<ScriptedCommand>
    // reads: lock; writes: lock
    private let stopped = Mutex<(any ScriptedAgent)?>(nil)

    /// `http://127.0.0.1:PORT`
    public var url: String { "http://127.0.0.1:\(port)" }

    private init(port: UInt16, password: String?, thread: LoopThread, mailbox: Mailbox<ScriptedCommand>) {
        self.port = port
        self.password = password
        self.thread = thread
        self.mailbox = mailbox
    }

    /// Listens and serves until `stop`.
    /// - Parameters:
    ///   - port: 0 is any free one.
    ///   - options: of a new agent.
    public static func start(port: UInt16 = 0, password: String? = nil, options: ScriptedOptions = .init()) throws -> ScriptedServer {
        var options = options
        options.password = password
        return try start(port: port, agent: options.agent())
    }

    /// Serves an agent that has a life behind it: what `stop` gave back, perhaps killed.
    public static func start(port: UInt16 = 0, agent: any ScriptedAgent) throws -> ScriptedServer {
        guard let address = SocketAddress(host: "127.0.0.1", port: port) else { throw ScriptedServerError.noAddress }
        let mailbox = Mailbox<ScriptedCommand>(capacity: 1024)
        let started = BlockingQueue<Result<UInt16, SystemError>>()
        let thread = EventLoop.spawn(name: "scripted") { loop in
            do throws(SystemError) {
                let host = try ScriptedHost(loop: loop, address: address, agent: agent)
                loop.attach(mailbox) { commands in for command in commands { host.carryOut(command) } }
                started.post(always: .success(host.port))
            } catch {
                started.post(always: .failure(error))
                loop.stop()
            }
        }
        guard let bound = started.take() else { throw ScriptedServerError.noAddress }
        return ScriptedServer(port: try bound.get(), password: agent.options.password, thread: thread, mailbox: mailbox)
    }

    /// Makes something go wrong.
    public func commit(_ fault: ScriptedFault) { _ = mailbox.post(always: .fault(fault)) }

    /// Sends the frames of a recording to every event stream, `speed` times as fast as they came (0: at once).
    public func play(_ recording: Recording, speed: Double = 1) { _ = mailbox.post(always: .play(recording, speed: speed)) }

    /// Closes every connection and ends the thread. The agent can be served again.
    @discardableResult
    public func stop() -> (any ScriptedAgent)? {
        stopped.withLock { agent in
            if agent == nil {
                let answer = BlockingQueue<any ScriptedAgent>()
                if mailbox.post(always: .stop { answer.post(always: $0) }) { agent = answer.take() }
                thread.join()
            }
            return agent
        }
    }

    deinit { thread.stop() }
}

public enum ScriptedServerError: Error, Sendable {
    case noAddress
}

/// What other threads ask of the server's loop.
enum ScriptedCommand: Sendable {
    case fault(ScriptedFault)
    case play(Recording, speed: Double)
    case stop(@Sendable (any ScriptedAgent) -> Void)
}
