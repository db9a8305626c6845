// The server: N loops; loop 0 accepts and deals connections round robin.

import EventLog
import Reactor
import RelayProtocol
import Synchronization

public final class Server: Sendable {
    public let boundAddress: SocketAddress
    private let threads: [LoopThread]
    private let mailboxes: [LoopMailbox]

    /// Listens and starts the loops; connections are taken when it returns.
    public static func start(_ options: ServerOptions, services: Services) throws(SystemError) -> Server {
        let access = AccessPolicy(token: options.token, publicURLs: options.publicURLs, listenHost: options.listen.host)
        let figures = ServerFigures(services.counters, log: services.log)
        let mailboxes = (0..<options.loops).map { _ in LoopMailbox(mailbox: Mailbox(capacity: 1 << 16)) }
        let listening = StartResult()
        let threads = mailboxes.enumerated().map { number, mailbox in
            EventLoop.spawn(name: "server-\(number)") { loop in
                let own = ServerLoop(
                    place: number, loop: loop, mailbox: mailbox, services: services, options: options, access: access, figures: figures)
                own.start()
                if number == 0 { Self.listen(own, mailboxes, options, listening) }
            }
        }
        do {
            return Server(boundAddress: try listening.wait(), threads: threads, mailboxes: mailboxes)
        } catch {
            for thread in threads { thread.stop() }
            throw error
        }
    }

    private init(boundAddress: SocketAddress, threads: [LoopThread], mailboxes: [LoopMailbox]) {
        self.boundAddress = boundAddress
        self.threads = threads
        self.mailboxes = mailboxes
    }

    private static func listen(_ own: ServerLoop, _ mailboxes: [LoopMailbox], _ options: ServerOptions, _ result: StartResult) {
        do throws(SystemError) {
            var next = 0
            let listener = try Listener(loop: own.loop, address: options.listen) { descriptor in
                guard own.takesRoom() else { return }
                let socket = AcceptedSocket(descriptor)
                if next == 0 { own.accept(socket) } else { mailboxes[next].post(.accepted(socket)) }
                next = (next + 1) % mailboxes.count
            }
            own.keep(listener)
            result.succeed(listener.boundAddress)
        } catch { result.fail(error) }
    }

    /// Stops accepting, tells every subscriber when to come back, flushes and closes. `done` is called once, on any thread.
    public func drain(_ done: @escaping @Sendable () -> Void) {
        let box = DrainCount(left: mailboxes.count, done: done)
        for mailbox in mailboxes { mailbox.post(.drain(done: { box.countDown() })) }
    }

    /// Ends the loops and closes what is open.
    public func stop() {
        for thread in threads { thread.stop() }
        for thread in threads { thread.join() }
    }
}

/// Calls back when all loops have drained.
private final class DrainCount: Sendable {
    private let left: Atomic<Int>
    private let done: @Sendable () -> Void

    init(left: Int, done: @escaping @Sendable () -> Void) {
        self.left = Atomic(left)
        self.done = done
    }

    func countDown() {
        if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { done() }
    }
}
