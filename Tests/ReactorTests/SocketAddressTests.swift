import Reactor
import TestSupport
import Testing

@Suite(.ownThread) struct SocketAddressTests {
    @Test(arguments: ["127.0.0.1:4100", "0.0.0.0:0", "[::1]:4100", "[::]:65535", "[2001:db8::1]:80", "192.168.1.1:80"])
    func `prints what it parses`(text: String) throws {
        #expect(SocketAddress(text)?.description == text)
    }

    @Test(arguments: [
        "", ":", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+1", "::1:80", "[::1]", "[::1:80", "name:80", "1.2.3:4",
    ])
    func `refuses what is not an address and a port`(text: String) {
        #expect(SocketAddress(text) == nil)
    }

    @Test(arguments: [
        ("127.0.0.1:1", true), ("127.9.9.9:1", true), ("[::1]:1", true), ("[::ffff:127.0.0.1]:1", true), ("localhost:1", true),
        ("0.0.0.0:1", false), ("[::]:1", false), ("10.0.0.1:1", false), ("[::ffff:10.0.0.1]:1", false), ("128.0.0.1:1", false),
    ])
    func `knows loopback`(text: String, isLoopback: Bool) throws {
        #expect(SocketAddress(text)?.isLoopback == isLoopback)
    }

    @Test func `gives an address that is mapped into IPv6 as the four bytes it is`() {
        #expect(SocketAddress("[::ffff:10.0.0.1]:1")?.addressBytes == [10, 0, 0, 1])
        #expect(SocketAddress("[::1]:1")?.addressBytes.count == 16)
    }
}
