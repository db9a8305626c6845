// The closing handshake, call by call.

import Testing
import Wire

@Suite struct WebSocketClosingTests {
    @Test func `a server reciprocates the code and ends the connection`() {
        var closing = WebSocketClosing(role: .server)
        #expect(closing.receivedClose(code: 4001) == .sendThenDisconnect(code: 4001, reason: ""))
        #expect(closing.isClean && !closing.isOpen && closing.receivedCode == 4001)
        #expect(closing.close(code: 1000) == .nothing)
        #expect(closing.endOfStream() == .nothing)
    }

    @Test func `a close without a code is reciprocated without one`() {
        var closing = WebSocketClosing(role: .server)
        #expect(closing.receivedClose(code: nil) == .sendThenDisconnect(code: nil, reason: ""))
    }

    @Test func `a client reciprocates and waits for the server to end the connection`() {
        var closing = WebSocketClosing(role: .client)
        #expect(closing.receivedClose(code: 1001) == .sendThenAwaitEnd(code: 1001, reason: ""))
        #expect(closing.timedOut() == .disconnect)
        #expect(closing.isClean)
    }

    @Test func `a server that closes waits for the answer, then ends the connection`() {
        var closing = WebSocketClosing(role: .server)
        #expect(closing.close(code: 1001, reason: "drain") == .send(code: 1001, reason: "drain"))
        #expect(!closing.isOpen && !closing.isClean)
        #expect(closing.receivedClose(code: 1001) == .disconnect)
        #expect(closing.isClean)
    }

    @Test func `a client that closes waits for the answer and for the end`() {
        var closing = WebSocketClosing(role: .client)
        #expect(closing.close(code: 1000) == .send(code: 1000, reason: ""))
        #expect(closing.receivedClose(code: 1000) == .awaitEnd)
        #expect(closing.endOfStream() == .disconnect)
        #expect(closing.endOfStream() == .nothing)
    }

    @Test func `closes once`() {
        var closing = WebSocketClosing(role: .server)
        _ = closing.close(code: 1001)
        #expect(closing.close(code: 1000) == .nothing)
    }

    @Test func `a broken peer is told why and not waited for`() {
        var closing = WebSocketClosing(role: .server)
        #expect(closing.failed(code: 1007, reason: "bad") == .sendThenDisconnect(code: 1007, reason: "bad"))
        #expect(!closing.isClean)
        #expect(closing.receivedClose(code: 1007) == .nothing)
    }

    @Test func `a peer that breaks the protocol after a close was sent gets no second one`() {
        var closing = WebSocketClosing(role: .server)
        _ = closing.close(code: 1001)
        #expect(closing.failed(code: 1002, reason: "") == .disconnect)
    }

    @Test func `a lost or silent connection is not clean`() {
        var lost = WebSocketClosing(role: .server)
        #expect(lost.endOfStream() == .disconnect && !lost.isClean && lost.receivedCode == nil)
        var silent = WebSocketClosing(role: .server)
        _ = silent.close(code: 1001)
        #expect(silent.timedOut() == .disconnect && !silent.isClean)
    }
}
