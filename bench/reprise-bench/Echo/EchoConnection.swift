// The server's own WebSocket connection, over which every message goes back as it came.

import Reactor
import Server
import Wire

final class EchoConnection: WebSocketConnection {
    private static let messageBytes = 64 << 20

    init(_ connection: Connection) { super.init(connection, messageBytes: Self.messageBytes) }

    override func received(text: [UInt8]) { send { WebSocketEncoder.append(text: text, to: &$0) } }
    override func received(binary: [UInt8]) { send { WebSocketEncoder.append(binary: binary, to: &$0) } }

    private func send(_ encode: (inout [UInt8]) -> Void) {
        var frame: [UInt8] = []
        encode(&frame)
        send(frame: frame)
    }
}
