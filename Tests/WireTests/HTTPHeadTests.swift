// Heads as values: fields, targets, what they mean for the connection; and heads as bytes.

import Testing
import Wire

@Suite struct HTTPHeadTests {
    @Test func `finds fields in any case and keeps their order`() {
        var headers: HTTPHeaders = ["A": "1", "b": "2", "a": "3"]
        #expect(headers["a"] == "1" && headers.all("A") == ["1", "3"] && headers["c"] == nil)
        headers.set("A", "4")
        #expect(headers.map { $0.name } == ["b", "A"])
        headers["b"] = nil
        #expect(headers == ["A": "4"])
    }

    @Test func `splits lists over lines`() {
        let headers: HTTPHeaders = ["X": " a , b,,", "x": "C"]
        #expect(headers.list("X") == ["a", "b", "C"])
        #expect(headers.list("x", contains: "c") && !headers.list("x", contains: "d"))
    }

    @Test(
        arguments: [
            ("/", []), ("/v1/sessions", ["v1", "sessions"]), ("/a/?x=/b", ["a", ""]), ("/a%20b/%C3%A9", ["a b", "é"]), ("/a%2Fb", ["a/b"]),
            ("//", ["", ""]), ("/a/../b", ["a", "..", "b"]), ("http://host/x", ["x"]), ("http://host", []), ("http://host?x=1", []),
            ("/%", nil), ("/%4", nil), ("/%zz", nil), ("/a%00b", nil), ("/%FF", nil), ("/%C3", nil), ("*", nil),
        ] as [(String, [String]?)])
    func `decodes path segments`(target: String, segments: [String]?) {
        #expect(HTTPRequestHead(target: target).pathSegments == segments)
    }

    @Test func `reads the query as a form`() {
        let head = HTTPRequestHead(target: "/x?a=1&b=%20+%2B&a=2&c&=d&e=%zz%4&f=%FF&g=h=i&&%61%3D=j?k")
        #expect(head.path == "/x")
        #expect(head.queryItem("a") == "1" && head.queryItems.filter { $0.name == "a" }.map(\.value) == ["1", "2"])
        #expect(head.queryItem("b") == "  +")
        #expect(head.queryItem("c") == "" && head.queryItem("") == "d")
        #expect(head.queryItem("e") == "%zz%4")
        #expect(head.queryItem("f") == "\u{FFFD}")
        #expect(head.queryItem("g") == "h=i")
        #expect(head.queryItem("a=") == "j?k")
        #expect(head.queryItem("z") == nil)
        #expect(HTTPRequestHead(target: "/x").query == nil && HTTPRequestHead(target: "/x?").query == "")
    }

    @Test func `encodes a form that it reads back`() {
        let items = [(name: "a b", value: "c&d=é+"), (name: "", value: "~-._")]
        let encoded = FormQuery.encode(items)
        #expect(encoded == "a%20b=c%26d%3D%C3%A9%2B&=~-._")
        #expect(FormQuery.items(encoded).map(\.name) == items.map(\.name) && FormQuery.items(encoded).map(\.value) == items.map(\.value))
    }

    @Test(
        arguments: [
            (1, nil, true), (1, "close", false), (1, "x, Close", false), (0, nil, false), (0, "keep-alive", true),
            (0, "keep-alive, close", false),
        ] as [(Int, String?, Bool)])
    func `knows whether the connection goes on`(minorVersion: Int, connection: String?, expected: Bool) {
        var headers = HTTPHeaders()
        headers["Connection"] = connection
        #expect(HTTPRequestHead(target: "/", minorVersion: minorVersion, headers: headers).keepAlive == expected)
        #expect(HTTPResponseHead(status: 200, minorVersion: minorVersion, headers: headers).keepAlive == expected)
    }

    @Test func `knows who waits for 100 and who upgrades`() {
        #expect(HTTPRequestHead(target: "/", headers: ["Expect": "100-Continue"]).expectsContinue)
        #expect(!HTTPRequestHead(target: "/", minorVersion: 0, headers: ["Expect": "100-continue"]).expectsContinue)
        #expect(HTTPRequestHead(target: "/", headers: ["Connection": "upgrade", "Upgrade": "a, websocket"]).isUpgrade(to: "websocket"))
        #expect(!HTTPRequestHead(target: "/", headers: ["Upgrade": "websocket"]).isUpgrade(to: "websocket"))
    }

    @Test func `writes heads`() {
        var bytes: [UInt8] = []
        HTTPRequestHead(method: "POST", target: "/a b\r\né", headers: ["Host": "a", "X": "1\r\nEvil: 2\u{0}"]).encoded(into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "POST /a%20b%0D%0A%C3%A9 HTTP/1.1\r\nHost: a\r\nX: 1  Evil: 2 \r\n\r\n")
        bytes = []
        HTTPResponseHead(status: 404, headers: ["Content-Length": "0"]).encoded(into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    }

    @Test func `writes chunks`() {
        var bytes: [UInt8] = []
        HTTPChunk.append(Array("0123456789abcdef!".utf8), to: &bytes)
        HTTPChunk.append([], to: &bytes)
        #expect(String(decoding: bytes + HTTPChunk.end, as: UTF8.self) == "11\r\n0123456789abcdef!\r\n0\r\n\r\n")
    }

    @Test(
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] as [(Int64, String)])
    func `writes dates`(seconds: Int64, expected: String) {
        #expect(HTTPDate.string(unixSeconds: seconds) == expected)
    }
}
