// A request of the seam as one that goes out: base path, credentials, length.

import OpenCode
import Reactor
import Wire

extension UpstreamEndpoint {
    func request(_ request: UpstreamRequest) -> HTTPRequest {
        var headers = HTTPHeaders()
        for field in request.headers { headers.add(field.name, field.value) }
        if let authorization { headers.set("authorization", authorization) }
        if request.body != nil, headers["content-type"] == nil { headers.set("content-type", "application/json") }
        return HTTPRequest(method: request.method, target: basePath + request.target, headers: headers, body: request.body ?? [])
    }
}
