// Answers as a proxy or a strange tool may make them: laid out over many lines, nested deeper than a line may be, about another id than the
// one that was asked. What comes out can be logged.

import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct UpstreamJSONTests {
    private static let deep = String(repeating: "[", count: 300) + "1" + String(repeating: "]", count: 300)
    private static let message1 = #"""
        {"info":{"id":"msg_1","role":"assistant","sessionID":"ses_1","time":{"created":1,"completed":2}},
         "parts":[{"id":"prt_1","messageID":"msg_1","sessionID":"ses_1","type":"tool","tool":"x","callID":"c",
         "state":{"status":"completed","input":{"a":\#(deep),"b":
         2},"output":"o","title":"t","metadata":{},"time":{"start":1,"end":2}}}]}
        """#
    private static let message2 = #"""
        {"id":"msg_1","type":"assistant","agent":"build","time":{"created":1,"completed":2},
         "content":[{"type":"tool","id":"c","name":"x","time":{"created":1,"completed":2},"state":{"status":"completed","input":{"a":\#(deep),"b":
         2},"content":[],"structured":{}}}]}
        """#

    private func read(_ exchange: any UpstreamExchange<SessionRead>, _ answer: (String) -> String?) -> SessionRead? {
        var exchange = exchange
        var given: [UpstreamAnswer] = []
        for _ in 0..<20 {
            switch exchange.next(given) {
            case .send(let requests):
                given = requests.map { request in
                    let path = String(request.target.prefix { $0 != "?" })
                    guard let body = answer(path) else { return .answered(status: 404, isJSON: false, headers: [], body: []) }
                    return .answered(status: 200, isJSON: true, headers: [], body: Array(body.utf8))
                }
            case .done(let read): return read
            case .wait, .checkpoint: given = []
            case .failed(let failure):
                Issue.record("\(failure)")
                return nil
            }
        }
        return nil
    }

    private func isLoggable(_ read: SessionRead) throws {
        let part = try #require(read.messages.first?.parts.first)
        for event in [Event.part(part.id, part.object), .session(read.session, try #require(read.row))] {
            var line: [UInt8] = []
            EventLine.append(event, at: .origin, timestamp: 1, to: &line)
            #expect(line.firstIndex(of: 0x0A) == line.count - 1)
            #expect(try EventLine.parse(line).event == event)
        }
        let input = try JSON.parse(part.object)["input"]
        #expect(input?["b"]?.int == 2)
        #expect(input?["a"]?.isArray == true)
    }

    @Test func `what 1.18 answers can be logged`() throws {
        let read = read(OpenCode1().readSession("ses_1", directory: "/p", until: nil, limit: 50)) { path in
            switch path {
            case "/session/ses_1": "{\"id\":\"ses_2\",\n\"directory\":\"/p\",\"time\":{\"created\":1,\"updated\":2}}"
            case "/session/ses_1/message": "[\(Self.message1)]"
            case "/session/status": "{}"
            default: "[]"
            }
        }
        try isLoggable(try #require(read))
    }

    @Test func `what 2 answers can be logged`() throws {
        let read = read(OpenCode2().readSession("ses_1", directory: "/p", until: nil, limit: 50)) { path in
            switch path {
            case "/api/session/ses_1":
                "{\"data\":{\"id\":\"ses_2\",\n\"location\":{\"directory\":\"/p\"},\"time\":{\"created\":1,\"updated\":2}}}"
            case "/api/session/ses_1/message": "{\"data\":[\(Self.message2)]}"
            case "/api/session/active": "{\"data\":{}}"
            case "/api/experimental/session/ses_1/log": nil
            default: "{\"data\":[]}"
            }
        }
        try isLoggable(try #require(read))
    }
}
