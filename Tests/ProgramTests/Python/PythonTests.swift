// Python's `websockets` on the other side of our server, and of our client.

import TestSupport
import Testing

@Suite(.ownThread, .enabled(if: PythonProgram.path != nil, "needs python3 with websockets")) struct PythonTests {
    @Test(.timeLimit(.minutes(2))) func `Python's client reads every line, speaks in fragments and is answered with its own close codes`()
        throws
    {
        let relay = try RelayProcess()
        for number in 1...200 { try relay.post("/v1/topics/news/events", #"{"number":\#(number),"text":"ä\u0000\ud800"}"#) }
        let lines = try relay.folder.write(relay.log("news").joined(), to: "lines")
        let client = try PythonProgram.start("client.py", [relay.url, relay.token, "news", lines], in: relay.folder)
        let said = try client.rest()
        #expect(try client.wait() == .exited(0), "\(client.errors)")
        #expect(said == ["events", "fragments", "ping", "16 codes", "refusals"])
    }

    @Test(.timeLimit(.minutes(2))) func `our client comes back from Python's server after every close code, and answers each`() throws {
        let folder = try TestFolder()
        let server = try PythonProgram.start("server.py", [], in: folder)
        let port = try #require(try server.line())
        let follower = try SwiftFollower(url: "http://127.0.0.1:\(port)", token: String(repeating: "t", count: 32), topic: "news")
        follower.received.finish(after: 16)
        #expect(follower.received.waitUntilDone())
        let heard = follower.received.result
        #expect(
            heard.lines.compactMap { line in line.split(separator: #""number":"#).last.flatMap { Int($0.prefix { $0.isNumber }) } }
                == Array(1...16))
        #expect(heard.faults == [])
        // The last close may find a client that has heard enough.
        let answered = try (1...15).map { _ in try #require(try server.line()) }
        #expect(
            answered == [
                "1000", "1001", "1002", "1003", "1007", "1008", "1009", "1010", "1011", "1012", "1013", "1014", "3000", "3999", "4000",
            ])
    }
}
