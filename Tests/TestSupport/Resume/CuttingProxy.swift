// A way to the server that breaks: each connection is cut after a random number of the server's bytes, wherever that is, or after a random
// time, in order or with a reset.

import Reactor
import Synchronization

public final class CuttingProxy: Sendable {
    public let port: UInt16
    private let thread: LoopThread
    private let counts: Counts

    private final class Counts: Sendable {
        // reads: lock; writes: lock
        let cuts = Mutex(0)
    }

    /// Connections that were cut in the middle.
    public var cuts: Int { counts.cuts.withLock { $0 } }

    /// - Parameters:
    ///   - bytes: how many of the server's bytes pass before the cut.
    ///   - milliseconds: the longest that a connection lives; nil: as long as its bytes last.
    public init(to target: UInt16, seed: Seed, bytes: ClosedRange<Int>, milliseconds: ClosedRange<Int>? = nil) throws {
        let (bound, counts) = (BlockingQueue<Result<UInt16, SystemError>>(), Counts())
        self.counts = counts
        thread = EventLoop.spawn(name: "cutting-proxy") { loop in
            guard let address = SocketAddress(host: "127.0.0.1", port: 0) else { return }
            var seed = seed
            do throws(SystemError) {
                let listener = try Listener(loop: loop, address: address) { descriptor in
                    let client = Connection(loop: loop, descriptor: descriptor)
                    let limit = seed.magnitude(in: bytes)
                    let life = milliseconds.map { Duration.milliseconds(seed.magnitude(in: $0)) }
                    let link = CutLink(client, to: target, limit: limit, resets: Bool.random(using: &seed)) {
                        counts.cuts.withLock { $0 += 1 }
                    }
                    if let life { link.end(after: life) }
                }
                bound.post(always: .success(listener.boundAddress.port))
            } catch { bound.post(always: .failure(error)) }
        }
        port = try bound.take()?.get() ?? 0
    }

    deinit { thread.stop() }
}

/// One connection of the proxy and the server's end of it. Lives as long as one of them.
private final class CutLink {
    private final class Side: ConnectionHandler {
        let receive: (Span<UInt8>) -> Void
        let end: () -> Void

        init(receive: @escaping (Span<UInt8>) -> Void, end: @escaping () -> Void) { (self.receive, self.end) = (receive, end) }

        func connection(_ connection: Connection, received bytes: Span<UInt8>) { receive(bytes) }
        func connectionDidEnd(_ connection: Connection) { end() }
        func connectionDidClose(_ connection: Connection, error: SystemError?) { end() }
    }

    private let client: Connection
    private var server: Connection?
    private var left: Int
    private let resets: Bool
    private let onCut: () -> Void
    private var waiting: [UInt8] = []
    private var isOver = false

    init(_ client: Connection, to port: UInt16, limit: Int, resets: Bool, onCut: @escaping () -> Void) {
        (self.client, left, self.resets, self.onCut) = (client, limit, resets, onCut)
        client.handler = Side {
            self.toServer($0)
        } end: {
            self.end()
        }
        _ = Connector(loop: client.loop, host: "127.0.0.1", port: port, timeout: .seconds(5)) { self.connected($0) }
    }

    private func connected(_ outcome: Connector.Outcome) {
        guard !isOver, case .success(let server) = outcome else { return end() }
        self.server = server
        server.handler = Side {
            self.toClient($0)
        } end: {
            self.end()
        }
        server.write(waiting)
        waiting = []
    }

    private func toServer(_ bytes: Span<UInt8>) {
        let copy = Self.copy(bytes, bytes.count)
        if let server { server.write(copy) } else { waiting += copy }
    }

    private func toClient(_ bytes: Span<UInt8>) {
        guard !isOver else { return }
        client.write(Self.copy(bytes, min(left, bytes.count)))
        left -= bytes.count
        if left <= 0 { cut() }
    }

    func end(after life: Duration) {
        client.loop.schedule(after: life) { [weak self] in self?.cut() }
    }

    /// A connection that leads nowhere is none that could be cut.
    private func cut() {
        guard !isOver, server != nil else { return }
        onCut()
        if resets { client.reset() }
        end()
    }

    private func end() {
        guard !isOver else { return }
        isOver = true
        client.closeAfterFlush()
        server?.reset()
        server?.handler = nil
        client.handler = nil
    }

    private static func copy(_ bytes: Span<UInt8>, _ count: Int) -> [UInt8] { (0..<count).map { bytes[$0] } }
}
