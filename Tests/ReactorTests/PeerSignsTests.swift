import TestSupport
import Testing

@testable import Reactor

/// What can be known of a peer that does not read.
@Suite(.ownThread) struct PeerSignsTests {
    @Test func `a peer that reads acknowledges everything`() async throws {
        let left: Int = try await onLoop { loop, finish in
            try loop.connectedPair { server, client in
                let reader = Peer()
                var received = 0
                reader.onReceive = { _, bytes in
                    received += bytes.count
                    if received == 1000 { waitFor(loop, { server.unacknowledgedBytes == 0 }) { finish(server.unacknowledgedBytes) } }
                }
                client.handler = reader
                server.write([UInt8](repeating: 1, count: 1000))
            }
        }
        #expect(left == 0)
    }

    /// Its kernel goes on answering whether the window is open, and takes nothing.
    @Test func `a peer that does not read answers and takes nothing`() async throws {
        let (before, after): (PeerSigns, PeerSigns) = try await onLoop { loop, finish in
            let small = Connection.Options(receiveBufferBytes: 16 << 10)
            try loop.connectedPair(serverOptions: .init(sendBufferBytes: 16 << 10), clientOptions: small) { server, client in
                client.pauseReading()
                server.write([UInt8](repeating: 1, count: 1 << 20))
                // The window is shut when it was asked, and answered, behind the last byte that was taken.
                var last: PeerSigns?
                waitFor(loop) {
                    guard let signs = server.peerSigns else { return false }
                    defer { last = signs }
                    guard let last, signs.acknowledgedBytes == last.acknowledgedBytes, signs.silence < last.silence else { return false }
                    finish((last, signs))
                    return true
                } then: {
                }
            }
        }
        #expect(before.acknowledgedBytes == after.acknowledgedBytes && after.acknowledgedBytes > 0)
        #expect(before.silence > after.silence && after.unansweredQuestions <= 1)
    }

    @Test func `a closed connection says nothing`() async throws {
        let said: Bool = try await onLoop { loop, finish in
            try loop.connectedPair { server, _ in
                server.close()
                finish(server.peerSigns != nil || server.unacknowledgedBytes != 0)
            }
        }
        #expect(!said)
    }
}

/// Looks every few milliseconds; the test's own limit ends it.
private func waitFor(_ loop: EventLoop, _ isSo: @escaping () -> Bool, then: @escaping () -> Void) {
    if isSo() { return then() }
    loop.schedule(after: .milliseconds(5)) { waitFor(loop, isSo, then: then) }
}
