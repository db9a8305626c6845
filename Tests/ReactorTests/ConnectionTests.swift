import Reactor
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct ConnectionTests {
    @Test func `echoes what it receives`() async throws {
        let echoed: [UInt8] = try await onLoop { loop, finish in
            try loop.connectedPair { server, client in
                let echo = Peer()
                echo.onReceive = { connection, bytes in connection.write(bytes) }
                server.handler = echo
                let asker = Peer()
                asker.onReceive = { _, bytes in finish(bytes) }
                client.handler = asker
                client.write(Array("hello".utf8))
            }
        }
        #expect(echoed == Array("hello".utf8))
    }

    @Test func `keeps what the kernel does not take and sends it in order`() async throws {
        let size = 1 << 20
        let received: [UInt8] = try await onLoop { loop, finish in
            try loop.connectedPair(serverOptions: .init(sendBufferBytes: 16 << 10)) { server, client in
                let reader = Peer()
                var received: [UInt8] = []
                reader.onReceive = { _, bytes in received += bytes }
                reader.onEnd = { _ in finish(received) }
                client.handler = reader
                server.write(pattern(size))
                #expect(server.unsentBytes > 0)
                server.write([1, 2, 3])
                server.shutdownWrite()
            }
        }
        #expect(received == pattern(size) + [1, 2, 3])
    }

    @Test func `tells a sender when a peer that had stopped reading reads again`() async throws {
        let (offered, received): (Int, Int) = try await onLoop { loop, finish in
            try loop.connectedPair(serverOptions: .init(sendBufferBytes: 16 << 10)) { server, client in
                client.pauseReading()
                let chunk = pattern(10_000)
                let sender = Peer()
                var offered = 0
                var hasResumed = false
                func offer() {
                    while offered < 1 << 20 || !hasResumed {
                        switch server.send(chunk.span.extracting(..<6_000), chunk.span.extracting(6_000...)) {
                        case .sent(let count): offered += count
                        case .wouldBlock: return
                        case .closed: Issue.record("closed")
                        }
                    }
                    server.shutdownWrite()
                }
                sender.onCanWrite = { _ in offer() }
                server.handler = sender
                let reader = Peer()
                var received = 0
                reader.onReceive = { _, bytes in received += bytes.count }
                reader.onEnd = { _ in finish((offered, received)) }
                client.handler = reader
                offer()
                #expect(offered > 0 && server.unsentBytes == 0)
                loop.atEndOfTurn {
                    #expect(received == 0)
                    hasResumed = true
                    client.resumeReading()
                }
            }
        }
        #expect(offered == received)
    }

    @Test func `takes nothing from send while a write waits`() async throws {
        let result: SendResult = try await onLoop { loop, finish in
            try loop.connectedPair(serverOptions: .init(sendBufferBytes: 16 << 10)) { server, client in
                client.pauseReading()
                server.write([UInt8](repeating: 1, count: 16 << 20))
                finish(server.send([1].span))
            }
        }
        #expect(result == .wouldBlock)
    }

    @Test func `answers after the peer has ended its side`() async throws {
        let answer: [UInt8] = try await onLoop { loop, finish in
            try loop.connectedPair { server, client in
                let answerer = Peer()
                answerer.onEnd = { connection in
                    connection.write(Array("late".utf8))
                    connection.shutdownWrite()
                }
                server.handler = answerer
                let asker = Peer()
                var answer: [UInt8] = []
                asker.onReceive = { _, bytes in answer += bytes }
                asker.onClose = { error in
                    #expect(error == nil)
                    finish(answer)
                }
                client.handler = asker
                client.shutdownWrite()
            }
        }
        #expect(answer == Array("late".utf8))
    }

    @Test func `closes both sides in order when both have ended`() async throws {
        let closes: Int = try await onLoop { loop, finish in
            var closes = 0
            try loop.connectedPair { server, client in
                for connection in [server, client] {
                    let peer = Peer()
                    peer.onClose = { error in
                        #expect(error == nil)
                        closes += 1
                        if closes == 2 { finish(closes) }
                    }
                    connection.handler = peer
                    connection.shutdownWrite()
                }
            }
        }
        #expect(closes == 2)
    }

    @Test(arguments: [false, true]) func `hears of a reset`(isPaused: Bool) async throws {
        let error: SystemError? = try await onLoop { loop, finish in
            try loop.connectedPair { server, client in
                let peer = Peer()
                peer.onClose = { finish($0) }
                server.handler = peer
                if isPaused { server.pauseReading() }
                client.reset()
            }
        }
        #expect(error?.description.contains("ECONNRESET") == true)
    }

    @Test func `is closed for a sender after a reset`() async throws {
        let result: SendResult = try await onLoop { loop, finish in
            try loop.connectedPair { server, client in
                let peer = Peer()
                peer.onClose = { _ in finish(server.send([1].span)) }
                server.handler = peer
                client.reset()
            }
        }
        #expect(result == .closed)
    }

    @Test func `delivers the last bytes although the peer is still sending`() async throws {
        let received: [UInt8] = try await onLoop { loop, finish in
            try loop.connectedPair { server, client in
                let refuser = Peer()
                refuser.onReceive = { connection, _ in
                    guard connection.handler != nil else { return }
                    connection.write(Array("too much".utf8))
                    connection.closeAfterFlush()
                }
                server.handler = refuser
                let talker = Peer()
                var received: [UInt8] = []
                talker.onReceive = { _, bytes in received += bytes }
                talker.onEnd = { connection in
                    connection.close()
                    finish(received)
                }
                client.handler = talker
                client.write(pattern(4 << 20))
            }
        }
        #expect(received == Array("too much".utf8))
    }

    /// A client that has ended its side, as HTTP/1.0 ones do, still gets the whole answer.
    @Test func `sends everything before it closes, although the peer had ended`() async throws {
        let received: Int = try await onLoop { loop, finish in
            try loop.connectedPair(serverOptions: .init(sendBufferBytes: 16 << 10)) { server, client in
                server.write([UInt8](repeating: 7, count: 4 << 20))
                server.closeAfterFlush()
                let reader = Peer()
                var received = 0
                reader.onReceive = { _, bytes in received += bytes.count }
                reader.onClose = { error in
                    #expect(error == nil)
                    finish(received)
                }
                client.handler = reader
                client.shutdownWrite()
            }
        }
        #expect(received == 4 << 20)
    }

    @Test func `ends in order after its writing side was shut down before`() async throws {
        let error: SystemError? = try await onLoop { loop, finish in
            try loop.connectedPair { server, client in
                let peer = Peer()
                peer.onClose = { finish($0) }
                server.handler = peer
                server.shutdownWrite()
                server.closeAfterFlush()
                client.write([1])
                client.shutdownWrite()
            }
        }
        #expect(error == nil)
    }

    @Test func `hears of a reset after the peer had ended, and of the end only once`() async throws {
        let (ends, error): (Int, SystemError?) = try await onLoop { loop, finish in
            try loop.connectedPair { server, client in
                let peer = Peer()
                var ends = 0
                peer.onEnd = { _ in
                    ends += 1
                    client.reset()
                }
                peer.onClose = { finish((ends, $0)) }
                server.handler = peer
                client.shutdownWrite()
            }
        }
        #expect(ends == 1)
        // What Linux calls a reset of a connection whose peer had ended (tcp_reset).
        #expect(error?.description.contains("EPIPE") == true)
    }

    @Test func `reads nothing while it is paused and everything afterwards`() async throws {
        let received: Int = try await onLoop { loop, finish in
            try loop.connectedPair { server, client in
                let reader = Peer()
                var received = 0
                reader.onReceive = { connection, bytes in
                    received += bytes.count
                    connection.pauseReading()
                    loop.schedule(after: .zero) { connection.resumeReading() }
                }
                reader.onEnd = { _ in finish(received) }
                server.handler = reader
                client.write(pattern(1 << 20))
                client.shutdownWrite()
            }
        }
        #expect(received == 1 << 20)
    }

    @Test func `tells the close once, after the call that closes has returned`() async throws {
        let closes: Int = try await onLoop { loop, finish in
            try loop.connectedPair { server, client in
                let peer = Peer()
                var closes = 0
                peer.onClose = { _ in closes += 1 }
                server.handler = peer
                server.close()
                server.close()
                #expect(closes == 0)
                loop.atEndOfTurn { finish(closes) }
            }
        }
        #expect(closes == 1)
    }

    @Test func `one that talks without end does not keep the others waiting`() async throws {
        let isServed: Bool = try await onLoop { loop, finish in
            try loop.connectedPair { server, client in
                // Both ends answer each other for ever; the timer and the second pair must still have their turn.
                for connection in [server, client] {
                    let echo = Peer()
                    echo.onReceive = { connection, bytes in connection.write(bytes) }
                    connection.handler = echo
                }
                client.write(pattern(256 << 10))
                guard (try? loop.connectedPair { _, _ in finish(true) }) != nil else { return finish(false) }
            }
        }
        #expect(isServed)
    }
}

func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
}
