// Puts the pieces of a response together for who wants it whole.

import Wire

final class HTTPBodyCollector {
    private var head: HTTPResponseHead?
    private var body: [UInt8] = []
    private let done: (Result<HTTPResponse, HTTPClientError>) -> Void

    init(_ done: @escaping (Result<HTTPResponse, HTTPClientError>) -> Void) { self.done = done }

    var listener: HTTPExchange.Listener {
        HTTPExchange.Listener(onHead: { self.head = $0 }, onBody: { self.body.append(copying: $0) }, onEnd: { self.end($0) })
    }

    private func end(_ error: HTTPClientError?) {
        if let error { return done(.failure(error)) }
        guard let head else { preconditionFailure("a response ends after its head") }
        done(.success(HTTPResponse(head: head, body: body)))
    }
}
