// What came of listening, told by loop 0 to whoever starts the server.

import Reactor

final class StartResult: Sendable {
    private let results = BlockingQueue<Result<SocketAddress, SystemError>>()

    func succeed(_ address: SocketAddress) { results.post(always: .success(address)) }
    func fail(_ error: SystemError) { results.post(always: .failure(error)) }

    func wait() throws(SystemError) -> SocketAddress {
        guard let result = results.take() else { throw SystemError(call: "listen", code: 0) }
        return try result.get()
    }
}
