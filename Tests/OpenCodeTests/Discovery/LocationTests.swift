import OpenCode
import Testing

@Suite struct LocationTests {
    @Test func `what --opencode takes`() throws {
        #expect(try OpenCodeLocation("auto", environment: [:]) == .automatic)
        #expect(try OpenCodeLocation("none", environment: [:]) == .none)
        #expect(try OpenCodeLocation("service:/a/b.json", environment: [:]) == .service(file: "/a/b.json"))
        #expect(
            try OpenCodeLocation("http://127.0.0.1:4096/base/", environment: [:])
                == .address(UpstreamEndpoint(host: "127.0.0.1", port: 4096, basePath: "/base")))
        #expect(try OpenCodeLocation("http://[::1]:4096", environment: [:]) == .address(UpstreamEndpoint(host: "::1", port: 4096)))
        #expect(try OpenCodeLocation("http://box", environment: [:]) == .address(UpstreamEndpoint(host: "box", port: 80)))
    }

    @Test(arguments: ["", "autom", "service:", "https://a:1", "ftp://a", "http://", "http://a:99999", "http://a?x=1", "127.0.0.1:4096"])
    func `what it does not take`(_ text: String) {
        #expect(throws: OpenCodeLocationError.self) { try OpenCodeLocation(text, environment: [:]) }
    }

    @Test func `credentials come from the URL, then from the environment`() throws {
        func authorization(_ url: String, _ environment: [String: String]) throws -> String? {
            try UpstreamEndpoint(url: url, environment: environment).authorization
        }
        #expect(try authorization("http://a", [:]) == nil)
        #expect(try authorization("http://u:p@a", ["OPENCODE_PASSWORD": "x"]) == UpstreamEndpoint.basic(user: "u", password: "p"))
        #expect(
            try authorization("http://a", ["OPENCODE_PASSWORD": "x", "OPENCODE_SERVER_PASSWORD": "y"])
                == UpstreamEndpoint.basic(user: "opencode", password: "x"))
        #expect(
            try authorization("http://a", ["OPENCODE_SERVER_PASSWORD": "y", "OPENCODE_SERVER_USERNAME": "ada"])
                == UpstreamEndpoint.basic(user: "ada", password: "y"))
        #expect(UpstreamEndpoint.basic(user: "Aladdin", password: "open sesame") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
    }

    @Test func `no secret is described`() throws {
        let endpoint = try UpstreamEndpoint(url: "http://u:secret@127.0.0.1:4096/x", environment: [:])
        #expect(endpoint.description == "http://127.0.0.1:4096/x")
        #expect(throws: OpenCodeLocationError.self) { try UpstreamEndpoint(url: "https://u:secret@a", environment: [:]) }
        do { _ = try UpstreamEndpoint(url: "https://u:secret@a", environment: [:]) } catch { #expect(!"\(error)".contains("secret")) }
    }

    @Test func `a config is for an OpenCode of ours only`() throws {
        try OpenCodeLocation.automatic.checkConfig("/c.json")
        try OpenCodeLocation.none.checkConfig(nil)
        #expect(throws: OpenCodeLocationError.self) { try OpenCodeLocation.none.checkConfig("/c.json") }
        #expect(throws: OpenCodeLocationError.self) { try OpenCodeLocation.service(file: "/f").checkConfig("/c.json") }
    }
}
