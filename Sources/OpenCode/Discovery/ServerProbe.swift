// Asks a server, once and briefly, whether it is an OpenCode that is ready.

import Reactor
import Wire

final class ServerProbe {
    private static let patience = Duration.seconds(5)
    private static let answerBytes = 1 << 20

    private let client: HTTPClient
    private let endpoint: UpstreamEndpoint

    init(loop: EventLoop, endpoint: UpstreamEndpoint) {
        self.endpoint = endpoint
        client = HTTPClient(
            loop: loop, origin: HTTPOrigin(host: endpoint.host, port: endpoint.port), maxConnections: 1, connectTimeout: Self.patience)
    }

    /// The gate's answer; the probe lives until then.
    func ask(_ done: @escaping (Result<GateAnswer, UpstreamFailure>) -> Void) { ask(Gate(), [], done) }

    private func ask(_ gate: Gate, _ answers: [UpstreamAnswer], _ done: @escaping (Result<GateAnswer, UpstreamFailure>) -> Void) {
        var gate = gate
        switch gate.next(answers) {
        case .send(let requests):
            guard let request = requests.first else { return done(.failure(.unreachable)) }
            var headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
            if let authorization = endpoint.authorization { headers.set("authorization", authorization) }
            let asked = HTTPRequest(method: request.method, target: endpoint.basePath + request.target, headers: headers)
            client.request(asked, timeout: Self.patience, maxBodyBytes: Self.answerBytes) { [gate] result in
                self.ask(gate, [Self.answer(result)], done)
            }
        case .done(let answer): done(.success(answer))
        case .failed(let failure): done(.failure(failure))
        case .wait, .checkpoint: done(.failure(.unreachable))
        }
    }

    private static func answer(_ result: Result<HTTPResponse, HTTPClientError>) -> UpstreamAnswer {
        switch result {
        case .success(let response):
            let type = response.head.headers["content-type"]?.lowercased() ?? ""
            return .answered(status: response.head.status, isJSON: type.hasPrefix("application/json"), headers: [], body: response.body)
        case .failure(let error): return .unreachable(mayHaveArrived: error.mayHaveArrived)
        }
    }
}
