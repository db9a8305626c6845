// What a client takes for a server's URL, and what it refuses before it opens a socket.

import Testing

@testable import RepriseClient

@Suite struct ServerAddressTests {
    @Test(arguments: [
        ("http://127.0.0.1:4100", "127.0.0.1", 4100, ""), ("http://localhost", "localhost", 80, ""),
        ("http://localhost/", "localhost", 80, ""),
        ("http://a-b.example.org:1/relay/?x#token=y", "a-b.example.org", 1, "/relay"), ("http://[::1]:4100/a/b//", "::1", 4100, "/a/b"),
        ("http://[::ffff:127.0.0.1]", "::ffff:127.0.0.1", 80, ""),
    ])
    func `takes an address apart`(_ url: String, _ host: String, _ port: UInt16, _ prefix: String) {
        let address = ServerAddress(url)
        #expect(address?.host == host)
        #expect(address?.port == port)
        #expect(address?.prefix == prefix)
        #expect(address.flatMap { ServerAddress("http://\($0.authority)\($0.prefix)") } == address)
    }

    @Test(arguments: [
        "", "localhost:4100", "https://localhost", "http://", "http:///x", "http://:80", "http://[]", "http://[]:80", "http://[::1",
        "http://[::1]80",
        "http://[localhost]", "http://[::1%eth0]", "http://a:", "http://a:+80", "http://a:-1", "http://a:65536", "http://a:8 0",
        "http://a:80:80",
        "http://a b", "http://user@host", "http://a[b", "http://a/b c", "http://a/b\r\nX: y", "http://a/\u{0}", "http://ä", "http://a\n",
    ])
    func `refuses what is none`(_ url: String) { #expect(ServerAddress(url) == nil) }
}
