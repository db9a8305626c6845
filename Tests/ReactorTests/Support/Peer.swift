// A handler made of closures, and a pair of connections on one loop.

import Reactor
import Wire

final class Peer: ConnectionHandler {
    var onReceive: (Connection, [UInt8]) -> Void = { _, _ in }
    var onEnd: (Connection) -> Void = { _ in }
    var onClose: (SystemError?) -> Void = { _ in }
    var onCanWrite: (Connection) -> Void = { _ in }

    func connection(_ connection: Connection, received bytes: Span<UInt8>) { onReceive(connection, [UInt8](copying: bytes)) }
    func connectionDidEnd(_ connection: Connection) { onEnd(connection) }
    func connectionDidClose(_ connection: Connection, error: SystemError?) { onClose(error) }
    func connectionCanWrite(_ connection: Connection) { onCanWrite(connection) }
}

extension SocketAddress {
    static let anyLoopbackPort = SocketAddress(host: "127.0.0.1", port: 0) ?? fallback
    private static var fallback: SocketAddress { preconditionFailure("127.0.0.1 is an address") }
}

extension EventLoop {
    /// Gives both ends of a connection over loopback, once they are connected.
    func connectedPair(
        serverOptions: Connection.Options = Connection.Options(), clientOptions: Connection.Options = Connection.Options(),
        _ body: @escaping (_ server: Connection, _ client: Connection) -> Void
    ) throws {
        let pair = PairInTheMaking(body)
        let listener = try Listener(loop: self, address: .anyLoopbackPort) { [unowned self] descriptor in
            pair.server = Connection(loop: self, descriptor: descriptor, options: serverOptions)
            pair.tellIfComplete()
        }
        pair.listener = listener
        pair.connector = Connector(
            loop: self, host: "127.0.0.1", port: listener.boundAddress.port, timeout: .seconds(10), options: clientOptions
        ) { result in
            pair.client = try? result.get()
            pair.tellIfComplete()
        }
    }
}

private final class PairInTheMaking {
    var server: Connection?
    var client: Connection?
    var listener: Listener?
    var connector: Connector?
    private let body: (Connection, Connection) -> Void

    init(_ body: @escaping (Connection, Connection) -> Void) { self.body = body }

    func tellIfComplete() {
        guard let server, let client else { return }
        listener?.close()
        (listener, connector) = (nil, nil)
        body(server, client)
    }
}
