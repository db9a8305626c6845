// Every word that OpenCode streams is in the log, and no other.

import TestSupport
import Testing
import Wire

extension RealServers {
    @Suite(.serialized) struct StreamingTests {
        @Test(.timeLimit(.minutes(5)), arguments: OpenCodeGeneration.installed)
        func `logs what a reader beside it hears, part by part`(_ generation: OpenCodeGeneration) throws {
            let fixture = try RealFixture(generation, tokensPerSecond: 2000)
            let session = try fixture.newSession()
            let (stream, reader) = (try OpenCodeStreamReader(fixture.opencode), try fixture.reader(session))
            for (number, prompt) in ["hello", "think hard", "unicode please", "markdown please", "firehose 3000"].enumerated() {
                try fixture.prompt(session, prompt)
                try stream.untilIdle(session, turns: number + 1)
                #expect(try reader.untilIdle() == "done", "\(prompt)")
            }
            var logged: [String: [UInt8]] = [:]
            for event in reader.events where event.isEvent("delta") && event["field"] == nil {
                logged[event["part"]?.string ?? "", default: []] += event["text"]?.rawText ?? []
            }
            let texts = stream.session(session).texts
            #expect(Set(logged.keys) == Set(texts.keys))
            for (part, text) in texts {
                #expect(String(decoding: logged[part] ?? [], as: UTF8.self) == String(decoding: text, as: UTF8.self))
            }
            #expect(texts.values.contains { $0.count > 10_000 })
        }
    }
}
