// From a request's head to a route.

import RelayProtocol
import Wire

extension Route {
    static func find(_ head: HTTPRequestHead, access: AccessPolicy) throws(HTTPFault) -> Route {
        guard let all = head.pathSegments else { throw HTTPFault(.badRequest, "the path is not well-formed") }
        let whole = head.path
        if access.isPrefix(whole) { return try file(.folder(whole + "/"), head) }
        let path = access.local(whole)
        // The local path is the end of the whole one: as many segments as it has slashes.
        let segments = Array(all.suffix(path.utf8.count(where: { $0 == UInt8(ascii: "/") })))
        guard segments.allSatisfy({ $0.utf8.count <= Limits.idBytes }) else { throw HTTPFault(.notFound) }
        if let route = try RouteTable.find(segments, head) { return route }
        if path.hasPrefix("/v1/") { throw HTTPFault(.notFound) }
        return try file(.asset(path), head)
    }

    private static func file(_ route: Route, _ head: HTTPRequestHead) throws(HTTPFault) -> Route {
        guard head.method == "GET" || head.method == "HEAD" else { throw RouteTable.notAllowed(["GET"]) }
        return route
    }
}
