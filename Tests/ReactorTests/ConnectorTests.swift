import Reactor
import Synchronization
import TestSupport
import Testing

@Suite(.ownThread) struct ConnectorTests {
    @Test(arguments: ["127.0.0.1", "localhost", "LOCALHOST"]) func `connects to what needs no asking`(host: String) async throws {
        let peer: SocketAddress? = try await onLoop { loop, finish in
            let listener = finish.keep(try Listener(loop: loop, address: .anyLoopbackPort) { _ in })
            _ = Connector(loop: loop, host: host, port: listener.boundAddress.port, timeout: .seconds(10)) { result in
                finish(try? result.get().peerAddress)
            }
        }
        #expect(peer?.isLoopback == true)
    }

    @Test func `says who refused`() async throws {
        let error: ConnectError? = try await onLoop { loop, finish in
            let listener = try Listener(loop: loop, address: .anyLoopbackPort) { _ in }
            let port = listener.boundAddress.port
            listener.close()
            _ = Connector(loop: loop, host: "localhost", port: port, timeout: .seconds(10)) { result in
                if case .failure(let error) = result { finish(error) } else { finish(nil) }
            }
        }
        #expect(error?.description.contains("ECONNREFUSED") == true || error?.description.contains("EADDRNOTAVAIL") == true)
    }

    @Test func `says that a name has no address`() async throws {
        let error: ConnectError? = try await onLoop { loop, finish in
            // RFC 6761, 6.4: no name under .invalid exists.
            _ = Connector(loop: loop, host: "name.invalid", port: 80, timeout: .seconds(20)) { result in
                if case .failure(let error) = result { finish(error) } else { finish(nil) }
            }
        }
        guard case .unresolved(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.host == "name.invalid")
    }

    @Test func `gives up when the time is over`() async throws {
        let error: ConnectError? = try await onLoop { loop, finish in
            // A full backlog: the kernel drops what comes, and nobody answers.
            let listener = finish.keep(try Listener(loop: loop, address: .anyLoopbackPort, backlog: 0) { _ in })
            listener.pause()
            for _ in 0..<4 {
                _ = Connector(loop: loop, host: "127.0.0.1", port: listener.boundAddress.port, timeout: .seconds(20)) { result in
                    if case .success(let connection) = result { _ = finish.keep(connection) }
                }
            }
            loop.schedule(after: .milliseconds(20)) {
                _ = Connector(loop: loop, host: "127.0.0.1", port: listener.boundAddress.port, timeout: .milliseconds(50)) { result in
                    if case .failure(let error) = result { finish(error) } else { finish(nil) }
                }
            }
        }
        #expect(error == .timedOut)
    }

    @Test func `tells nothing after it was cancelled`() async throws {
        let isTold: Bool = try await onLoop { loop, finish in
            let listener = finish.keep(try Listener(loop: loop, address: .anyLoopbackPort) { _ in })
            let connector = Connector(loop: loop, host: "127.0.0.1", port: listener.boundAddress.port, timeout: .seconds(10)) { _ in
                finish(true)
            }
            connector.cancel()
            loop.schedule(after: .milliseconds(20)) { finish(false) }
        }
        #expect(!isTold)
    }

    @Test func `tells what was under way when its loop ends`() async throws {
        let told = Mutex<[String]>([])
        let thread = EventLoop.spawn(name: "short") { loop in
            // Nobody answers there (RFC 5737), and nobody has that name.
            for host in ["192.0.2.1", "name.invalid"] {
                _ = Connector(loop: loop, host: host, port: 80, timeout: .seconds(100)) { _ in told.withLock { $0.append(host) } }
            }
            let client = HTTPClient(loop: loop, origin: HTTPOrigin(host: "192.0.2.1", port: 80), maxConnections: 1)
            for _ in 0..<3 {
                client.request(HTTPRequest(target: "/"), timeout: .seconds(100), maxBodyBytes: 10) { _ in
                    told.withLock { $0.append("request") }
                    _ = client
                }
            }
            loop.atEndOfTurn { loop.stop() }
        }
        thread.join()
        #expect(told.withLock { $0.sorted() } == ["192.0.2.1", "name.invalid", "request", "request", "request"])
    }
}
