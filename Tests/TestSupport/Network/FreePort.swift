// A loopback port that nobody listens on, for programs that must be told one. Somebody else may take it before they do.

import Reactor

public enum FreePort {
    public static func find() throws -> UInt16 {
        let found = BlockingQueue<Result<UInt16, SystemError>>()
        let thread = EventLoop.spawn(name: "free-port") { loop in
            defer { loop.stop() }
            guard let address = SocketAddress(host: "127.0.0.1", port: 0) else { return found.close() }
            do throws(SystemError) {
                let listener = try Listener(loop: loop, address: address) { _ in }
                found.post(always: .success(listener.boundAddress.port))
                listener.close()
            } catch {
                found.post(always: .failure(error))
            }
        }
        thread.join()
        guard let port = found.take() else { throw TestSocket.Failure.unreachable("no address") }
        return try port.get()
    }
}
