// A loopback port that nobody listens on, for programs that must be told one, and for those that come back at the same one. It is below the
// range from which the kernel gives connections theirs: else one of them could have it while the program is away.

import Reactor

public enum FreePort {
    private static let range: ClosedRange<UInt16> = 10_000...32_000

    public static func find() throws -> UInt16 {
        let found = BlockingQueue<UInt16>()
        let thread = EventLoop.spawn(name: "free-port") { loop in
            defer { loop.stop() }
            for _ in 0..<100 {
                let port = UInt16.random(in: range)
                guard let address = SocketAddress(host: "127.0.0.1", port: port),
                    let listener = try? Listener(loop: loop, address: address, onAccept: { _ in })
                else { continue }
                listener.close()
                found.post(always: port)
                break
            }
            found.close()
        }
        thread.join()
        guard let port = found.take() else { throw TestSocket.Failure.unreachable("no port is free") }
        return port
    }
}
