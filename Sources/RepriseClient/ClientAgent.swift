// The client's half that lives on its loop: one HTTP client, and a line for each subscription. Confined to the loop's thread.

import Reactor
import RelayProtocol
import Wire

/// What the client's callers ask of the loop.
enum ClientCommand: Sendable {
    case request(HTTPRequest, timeout: Duration, PendingRequest, @Sendable (Result<HTTPResponse, FailedExchange>) -> Void)
    case subscribe(Int, path: String, after: String?, ItemQueue, PendingRequest)
    case drained(Int)
    case unsubscribe(Int)
    case close
}

final class ClientAgent {
    private let loop: EventLoop
    private let server: ServerAddress
    private let token: String
    private let options: RepriseOptions
    private let http: HTTPClient
    private var lines: [Int: SubscriberLine] = [:]
    private var isClosed = false

    init(loop: EventLoop, server: ServerAddress, token: String, options: RepriseOptions) {
        self.loop = loop
        self.server = server
        self.token = token
        self.options = options
        http = HTTPClient(loop: loop, origin: HTTPOrigin(host: server.host, port: server.port))
    }

    func carryOut(_ command: ClientCommand) {
        if isClosed { return }
        switch command {
        case .request(let request, let timeout, let pending, let done):
            pending.isTaken()
            // A body may take what the server allows it.
            _ = http.request(request, timeout: timeout + .milliseconds(request.body.count / 16), maxBodyBytes: 256 << 20) { result in
                done(result.mapError { FailedExchange(.unreachable("\($0)"), mayHaveArrived: $0.mayHaveArrived) })
            }
        case .subscribe(let number, let path, let after, let queue, let pending):
            pending.isTaken()
            let line = SubscriberLine(loop: loop, server: server, token: token, options: options, path: path, after: after, queue: queue)
            lines[number] = line
            line.start()
        case .drained(let number): lines[number]?.resume()
        case .unsubscribe(let number): lines.removeValue(forKey: number)?.close()
        case .close:
            for line in lines.values { line.close() }
            lines = [:]
            isClosed = true
            loop.stop()
        }
    }
}
