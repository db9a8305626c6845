// A request of HTTP/1.1 names exactly one host (RFC 9112, 3.2), and a URL for a target names the same: whoever checks
// Host against what it serves must not be able to be told another one.

enum HTTPHostRule {
    static func check(_ head: HTTPRequestHead) throws(HTTPRefusal) {
        let hosts = head.headers.all("Host")
        guard hosts.count == 1 || hosts.isEmpty && head.minorVersion == 0 else { throw .badRequest("not exactly one Host") }
        let host = hosts.first ?? ""
        guard host.utf8.allSatisfy(isHostCharacter) else { throw .badRequest("Host has an illegal character") }
        if let authority = head.targetAuthority, !hosts.isEmpty, !equalIgnoringASCIICase(authority, host) {
            throw .badRequest("the target names another host than Host")
        }
    }

    // reg-name, IPv4, [IPv6] and a port (RFC 3986, 3.2.2); no user information.
    private static func isHostCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._~%!$&'()*+;=:[]".utf8.contains(byte)
        }
    }
}
