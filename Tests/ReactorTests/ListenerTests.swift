import Glibc
import TestSupport
import Testing

@testable import Reactor

@Suite(.ownThread) struct ListenerTests {
    @Test func `accepts all who wait, and goes on in later turns`() async throws {
        let accepted: Int = try await onLoop { loop, finish in
            var accepted = 0
            var kept: [Connection] = []
            let listener = try Listener(loop: loop, address: .anyLoopbackPort) { descriptor in
                accepted += 1
                kept.append(Connection(loop: loop, descriptor: descriptor))
                if accepted == 200 { finish(accepted) }
            }
            for _ in 0..<200 {
                _ = finish.keep(
                    Connector(loop: loop, host: "127.0.0.1", port: finish.keep(listener).boundAddress.port, timeout: .seconds(10)) { _ in })
            }
        }
        #expect(accepted == 200)
    }

    @Test func `hands an accepted connection to another loop`() async throws {
        let mailbox = Mailbox<AcceptedSocket>(capacity: 8)
        let other = EventLoop.spawn(name: "other") { loop in
            let echo = Peer()
            echo.onReceive = { connection, bytes in connection.write(bytes) }
            loop.attach(mailbox) { sockets in
                for socket in sockets {
                    if let descriptor = socket.take() { _ = Connection(loop: loop, descriptor: descriptor, handler: echo) }
                    if socket.take() != nil { Issue.record("taken twice") }
                }
            }
        }
        let echoed: [UInt8] = try await onLoop { loop, finish in
            let listener = finish.keep(
                try Listener(loop: loop, address: .anyLoopbackPort) { descriptor in _ = mailbox.post(AcceptedSocket(descriptor)) })
            let asker = Peer()
            asker.onReceive = { _, bytes in finish(bytes) }
            _ = Connector(loop: loop, host: "127.0.0.1", port: listener.boundAddress.port, timeout: .seconds(10)) { result in
                let connection = try? result.get()
                connection?.handler = asker
                connection?.write([1, 2, 3])
            }
        }
        other.stop()
        other.join()
        #expect(echoed == [1, 2, 3])
    }

    @Test func `an accepted connection that is dropped on its way is closed`() async throws {
        let isClosed: Bool = try await onLoop { loop, finish in
            let listener = finish.keep(try Listener(loop: loop, address: .anyLoopbackPort) { _ = AcceptedSocket($0) })
            let asker = Peer()
            asker.onEnd = { _ in finish(true) }
            _ = Connector(loop: loop, host: "127.0.0.1", port: listener.boundAddress.port, timeout: .seconds(10)) { result in
                (try? result.get())?.handler = asker
            }
        }
        #expect(isClosed)
    }

    @Test func `says that a port is taken`() async throws {
        let error: SystemError? = try await onLoop { loop, finish in
            let first = try Listener(loop: loop, address: .anyLoopbackPort) { _ in }
            do throws(SystemError) {
                _ = try Listener(loop: loop, address: first.boundAddress) { _ in }
                finish(nil)
            } catch { finish(error) }
        }
        #expect(error?.isAddressInUse == true)
    }

    /// The shortage is played, so that it is this listener's alone: `accept` has a descriptor only while the spare one is given up.
    @Test func `refuses at once when no descriptor is left, and accepts again when there are some`() async throws {
        let (accepted, refused, hungUpOn): (Int, Int, Int) = try await onLoop { loop, finish in
            var (accepted, refused, hungUpOn) = (0, 0, 0)
            var isShort = false
            var kept: [Connection] = []
            let listener = finish.keep(
                try Listener(loop: loop, address: .anyLoopbackPort) { descriptor in
                    kept.append(Connection(loop: loop, descriptor: descriptor))
                    accepted += 1
                    if accepted == 3 { isShort = true }
                    if accepted == 4 { finish((accepted, refused, hungUpOn)) }
                })
            listener.acceptCall = { [unowned listener] descriptor throws(SystemError) in
                if isShort, listener.hasSpare { throw SystemError(call: "accept4", code: EMFILE) }
                return try Socket.accept(descriptor)
            }
            func call() {
                let caller = Peer()
                caller.onEnd = { $0.close() }
                caller.onClose = { _ in
                    hungUpOn += 1
                    guard hungUpOn == 17 else { return }
                    isShort = false
                    call()
                }
                let port = listener.boundAddress.port
                _ = Connector(loop: loop, host: "127.0.0.1", port: port, timeout: .seconds(20)) { (try? $0.get())?.handler = caller }
            }
            listener.onRefusal = { error in
                #expect(error.isOutOfDescriptors)
                refused += 1
            }
            for _ in 0..<20 { call() }
        }
        #expect(accepted == 4)
        #expect(refused == 17)
        #expect(hungUpOn == 17)
    }
}
