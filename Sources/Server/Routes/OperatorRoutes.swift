// The page's files, liveness, readiness, figures.

import Reactor
import RelayProtocol
import Wire

enum OperatorRoutes {
    /// Nothing from elsewhere, no inline script, no frame around us.
    private static let contentSecurityPolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; \
        form-action 'none'; frame-ancestors 'none'
        """

    static func asset(_ path: String, _ request: Request, _ services: Services) {
        guard let file = services.assets.files[path] else { return request.responder.send(Problem(.notFound)) }
        var headers: HTTPHeaders = [
            "content-type": file.type, "etag": file.tag, "cache-control": "no-cache", "referrer-policy": "no-referrer",
        ]
        if request.head.headers["if-none-match"] == file.tag { return request.responder.send(HTTPAnswer(304, headers: headers)) }
        if file.type.hasPrefix("text/html") { headers.add("content-security-policy", contentSecurityPolicy) }
        request.responder.send(HTTPAnswer(200, headers: headers, body: file.bytes))
    }

    /// Ready means that the log is open and can be written, and nobody drains; how it stands with OpenCode is in the body only. After a
    /// commit that failed a small one is tried: it may be that nobody else writes, because we are not ready.
    static func readiness(_ request: Request, _ owner: ServerLoop) {
        let (services, responder, isDraining) = (owner.services, request.responder, owner.isDraining)
        let statistics = services.log.statistics
        if statistics.isBroken.value != 0 {
            return tell(responder, services, isDraining, log: "cannot be written; restart to go on from what is on the disk")
        }
        guard statistics.isFailing.value != 0 else { return tell(responder, services, isDraining, log: nil) }
        services.log.probe { failure in
            tell(responder, services, isDraining, log: failure.map { "cannot be written: \($0)" })
        }
    }

    private static func tell(_ responder: Responder, _ services: Services, _ isDraining: Bool, log: String?) {
        let isReady = !isDraining && log == nil
        let body = JSONWriter.object { writer in
            writer.member("ready", isReady)
            writer.member("log", log)
            writer.key("opencode")
            writer.raw(services.upstream())
        }
        responder.send(.json(body, status: isReady ? 200 : 503))
    }

    static func metrics(_ request: Request, _ services: Services) {
        var text = ""
        var last = ""
        for reading in services.counters.readings() {
            if reading.name != last { text += "# HELP \(reading.name) \(reading.help)\n# TYPE \(reading.name) \(reading.kind.rawValue)\n" }
            last = reading.name
            let labels = reading.labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",")
            text += reading.name + (labels.isEmpty ? "" : "{\(labels)}") + " \(reading.value)\n"
        }
        request.responder.send(
            HTTPAnswer(200, headers: ["content-type": "text/plain; version=0.0.4; charset=utf-8"], body: Array(text.utf8)))
    }
}
