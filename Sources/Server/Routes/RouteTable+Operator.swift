// The page, and what operators ask.

extension RouteTable {
    static let operatorRows: [RouteRow] = [
        RouteRow(
            method: "GET", path: "/", summary: "The page",
            answers: [.init(status: 200, types: ["text/html"], what: "The page; its files lie beside it")],
            isOpen: true
        ) { _ in .asset("/") },
        RouteRow(
            method: "GET", path: "/healthz", summary: "Liveness",
            answers: [.init(status: 200, types: ["text/plain"], what: "The server lives")],
            isOpen: true
        ) { _ in .health },
        RouteRow(
            method: "GET", path: "/readyz", summary: "Readiness, and how it stands with OpenCode",
            answers: [.json("Ready"), .json("Not ready: the log cannot be written, or the server is shutting down", status: 503)],
            isOpen: true
        ) { _ in .ready },
        RouteRow(
            method: "GET", path: "/metrics", summary: "Figures, as Prometheus reads them",
            answers: [.init(status: 200, types: ["text/plain"], what: "The figures")]
        ) { _ in .metrics },
        RouteRow(method: "GET", path: "/v1/openapi.json", summary: "This document", answers: [.json("OpenAPI 3.1")]) { _ in .surface },
    ]
}
