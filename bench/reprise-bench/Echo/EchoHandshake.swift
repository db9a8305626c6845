// The request that opens an echo connection: any path, every origin. What follows is the server's.

import Reactor
import Wire

final class EchoHandshake: ConnectionHandler {
    private let connection: Connection
    private var decoder = HTTPRequestDecoder()

    /// The loop keeps it as long as the connection is open and nobody has taken it over.
    init(_ connection: Connection) {
        self.connection = connection
        connection.handler = self
    }

    func connection(_ connection: Connection, received bytes: Span<UInt8>) {
        decoder.receive(bytes)
        switch decoder.next() {
        case .head(let head): open(head)
        case .refuse(let refusal): refuse(refusal)
        case .needMore, .body, .end: break
        }
    }

    func connectionDidEnd(_ connection: Connection) { connection.closeAfterFlush() }
    func connectionDidClose(_ connection: Connection, error: SystemError?) {}

    private func open(_ head: HTTPRequestHead) {
        do throws(HTTPRefusal) {
            var bytes: [UInt8] = []
            try WebSocketHandshake.offer(in: head).response().encoded(into: &bytes)
            connection.write(bytes)
            EchoConnection(connection).begin(decoder.takeRemainder())
        } catch { refuse(error) }
    }

    private func refuse(_ refusal: HTTPRefusal) {
        var headers = refusal.headers
        headers.set("Content-Length", "0")
        headers.set("Connection", "close")
        var bytes: [UInt8] = []
        HTTPResponseHead(status: refusal.status, headers: headers).encoded(into: &bytes)
        connection.write(bytes)
        connection.closeAfterFlush()
    }
}
