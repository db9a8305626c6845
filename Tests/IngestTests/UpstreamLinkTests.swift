// The line to OpenCode over real sockets.

import OpenCode
import Reactor
import RelayProtocol
import ScriptedOpenCode
import Synchronization
import Testing
import Wire

@testable import Ingest

struct UpstreamLinkTests {
    @Test func `a command does not wait for reads that are not answered`() throws {
        let keeper = Kept()
        let thread = EventLoop.spawn(name: "link") { loop in
            do {
                let server = try MuteServer(loop) { line in
                    let isOver = keeper.lines.withLock { lines in
                        lines.append(line)
                        return lines.contains { $0.hasPrefix("POST") } && lines.count { $0.hasPrefix("GET /read") } >= 5
                    }
                    if isOver { loop.stop() }
                }
                let link = UpstreamLink(loop: loop, locator: server, status: UpstreamStatus(), logger: .silent)
                link.start()
                link.send((0..<20).map { UpstreamRequest("GET", "/read/\($0)") }) { _ in withExtendedLifetime(server) {} }
                link.send([UpstreamRequest("POST", "/stop", body: [])], for: .acting) { _ in withExtendedLifetime(link) {} }
                loop.schedule(after: .seconds(30)) { loop.stop() }
            } catch { loop.stop() }
        }
        thread.join()
        #expect(keeper.lines.withLock { $0 }.contains { $0.hasPrefix("POST /stop") })
    }

    /// Where nobody works 2.x says nothing but its heartbeats, which are comments.
    @Test func `a stream on which only comments come is healthy: the next reconnect begins anew`() throws {
        let server = try ScriptedServer.start()
        defer { server.stop() }
        let port = server.port
        let keeper = Kept()
        let thread = EventLoop.spawn(name: "link") { loop in
            let locator = LateLocator(failures: 2, port: port)
            let link = UpstreamLink(loop: loop, locator: locator, status: UpstreamStatus(), logger: .silent)
            link.healthyAfter = .zero
            let fresh = link.backoff
            link.onEvent = { [unowned link] event in
                switch event {
                case .subscribed: keeper.lines.withLock { $0.append("subscribed \(link.backoff == fresh)") }
                case .heard:
                    keeper.lines.withLock { $0.append("heard \(link.backoff == fresh)") }
                    loop.stop()
                case .frame, .oversizeFrame, .ended: break
                }
            }
            link.start()
            loop.schedule(after: .seconds(30)) { withExtendedLifetime((link, locator)) { loop.stop() } }
        }
        thread.join()
        #expect(keeper.lines.withLock { $0 } == ["subscribed false", "heard true"])
    }
}

/// Finds nothing at first.
private final class LateLocator: UpstreamLocator {
    private var failures: Int
    private let port: UInt16

    init(failures: Int, port: UInt16) { (self.failures, self.port) = (failures, port) }

    func locate(_ done: @escaping (LauncherAnswer) -> Void) {
        failures -= 1
        done(failures >= 0 ? .failed("not yet") : .found(UpstreamEndpoint(host: "127.0.0.1", port: port), how: "a test"))
    }

    func stop(_ done: @escaping () -> Void) { done() }
}

/// Takes requests, tells their first lines, and answers none.
private final class MuteServer: ConnectionHandler, UpstreamLocator {
    private let onRequest: (String) -> Void
    private var listener: Listener?
    private var connections: [Connection] = []

    init(_ loop: EventLoop, _ onRequest: @escaping (String) -> Void) throws {
        self.onRequest = onRequest
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        listener = try Listener(loop: loop, address: address) { [unowned self] descriptor in
            connections.append(Connection(loop: loop, descriptor: descriptor, handler: self))
        }
    }

    func locate(_ done: @escaping (LauncherAnswer) -> Void) {
        done(.found(UpstreamEndpoint(host: "127.0.0.1", port: listener?.boundAddress.port ?? 0), how: "a test"))
    }

    func stop(_ done: @escaping () -> Void) { done() }

    func connection(_ connection: Connection, received bytes: Span<UInt8>) {
        let text = unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
        onRequest(String(text.prefix { $0 != "\r\n" }))
    }

    func connectionDidEnd(_ connection: Connection) { connection.close() }
    func connectionDidClose(_ connection: Connection, error: SystemError?) {}
}

private final class Kept: Sendable {
    let lines = Mutex<[String]>([])
}
