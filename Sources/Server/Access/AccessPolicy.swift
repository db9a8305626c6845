// Who may ask at all. A page of a stranger in the same browser can reach loopback: so the Host must be a name that is ours (a rebound name is
// not), an Origin must be ours too, and everything but the page itself wants the token.

import RelayProtocol
import Wire

struct AccessPolicy: Sendable {
    private let token: [UInt8]
    /// The field as most write it.
    private let bearer: [UInt8]
    private let publicURLs: [PublicURL]
    /// Hosts that are ours beside loopback: the address that was listened on.
    private let ownHosts: Set<String>

    init(token: String, publicURLs: [PublicURL], listenHost: String) {
        self.token = Array(token.utf8)
        bearer = Array("Bearer \(token)".utf8)
        self.publicURLs = publicURLs
        ownHosts = ["127.0.0.1", "localhost", "[::1]", listenHost]
    }

    /// Whether it is us who are asked, by a page of ours or by no page at all.
    /// - Parameter localHost: the address that the connection came to; asked for where no other name fits.
    func checkPlace(_ head: HTTPRequestHead, localHost: @autoclosure () -> String?) throws(HTTPFault) {
        guard let host = head.headers["host"]?.lowercased(), isOurs(host, localHost) else { throw HTTPFault(.badHost) }
        if let origin = head.headers["origin"]?.lowercased(), !isOurs(origin: origin, host: host) { throw HTTPFault(.forbiddenOrigin) }
    }

    /// What is asked for. Who has no token learns of nothing but the page, not even which routes there are.
    func route(_ head: HTTPRequestHead) throws(HTTPFault) -> Route {
        let isAllowed = hasToken(head)
        do throws(HTTPFault) {
            let route = try Route.find(head, access: self)
            guard isAllowed || route.isOpen else { throw HTTPFault(.unauthorized) }
            return route
        } catch {
            throw isAllowed || !local(head.path).hasPrefix("/v1") ? error : HTTPFault(.unauthorized)
        }
    }

    private func isOurs(_ authority: String, _ localHost: () -> String?) -> Bool {
        let host = Self.host(of: authority)
        if ownHosts.contains(host) || publicURLs.contains(where: { $0.authority == authority }) { return true }
        guard let localHost = localHost() else { return false }
        return host == localHost || host == "[\(localHost)]"
    }

    /// The page's own origin: what it was loaded from is what it asks.
    private func isOurs(origin: String, host: String) -> Bool { origin == "http://" + host || publicURLs.contains { $0.origin == origin } }

    /// Without the port.
    private static func host(of authority: String) -> String {
        let bytes = authority.utf8
        if bytes.first == UInt8(ascii: "[") { return String(Substring(bytes.prefix { $0 != UInt8(ascii: "]") })) + "]" }
        return String(Substring(bytes.prefix { $0 != UInt8(ascii: ":") }))
    }

    private func hasToken(_ head: HTTPRequestHead) -> Bool {
        if token.isEmpty { return false }
        if let field = head.headers["authorization"] {
            if ConstantTime.areEqual(Array(field.utf8), bearer) { return true }
            let words = field.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
            return words.count == 2 && Substring(words[0]).lowercased() == "bearer" && ConstantTime.areEqual(Array(words[1]), token)
        }
        // Browsers cannot set headers on a WebSocket: the token comes as a subprotocol.
        guard head.isUpgrade(to: "websocket") else { return false }
        let offered = head.headers.list("sec-websocket-protocol").first { $0.hasPrefix("reprise.token.") }
        return offered.map { ConstantTime.areEqual(Array($0.dropFirst("reprise.token.".count).utf8), token) } ?? false
    }

    /// The path below the prefix of a public URL.
    func local(_ path: String) -> String {
        for url in publicURLs where !url.prefix.isEmpty && path.hasPrefix(url.prefix + "/") {
            return String(path.dropFirst(url.prefix.count))
        }
        return path
    }

    /// The prefix of a public URL, and no more.
    func isPrefix(_ path: String) -> Bool { publicURLs.contains { !$0.prefix.isEmpty && $0.prefix == path } }
}
