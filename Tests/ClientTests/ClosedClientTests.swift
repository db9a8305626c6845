import TestSupport
import Testing

@testable import RepriseClient

/// Whoever asks a client that was closed hears so, and waits for nothing.
@Suite(.ownThread, .timeLimit(.minutes(1))) struct ClosedClientTests {
    private static func closed() throws -> RepriseClient {
        let client = try RepriseClient(url: "http://127.0.0.1:9", token: "token")
        client.close()
        return client
    }

    /// At once behind the close, and when its loop has long ended.
    @Test(arguments: [1, 200]) func `a subscription of a closed client ends`(times: Int) async throws {
        let client = try Self.closed()
        for _ in 0..<times {
            await #expect(throws: RepriseError.closed) { for try await _ in client.subscribe(to: "builds") {} }
        }
    }

    @Test(arguments: [1, 200]) func `a request of a closed client fails`(times: Int) async throws {
        let client = try Self.closed()
        for _ in 0..<times {
            await #expect(throws: RepriseError.closed) { _ = try await client.get("/healthz") }
            await #expect(throws: RepriseError.closed) { _ = try await client.command("/v1/sessions", body: Array("{}".utf8)) }
        }
    }

    @Test func `what runs when it is closed ends`() async throws {
        let server = try AnsweringServer([.init(status: 503, code: "overloaded")])
        let client = try RepriseClient(url: server.url, token: "token")
        var items = client.subscribe(to: "builds").makeAsyncIterator()
        // It was refused: it waits to come back.
        guard case .disconnected? = try await items.next() else {
            Issue.record("it should be refused")
            return
        }
        client.close()
        #expect(try await items.next() == nil)
    }
}
