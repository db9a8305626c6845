// The scripted model, as OpenCode asks it.

import Foundation
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct ScriptedModelTests {
    private static let secondTools =
        #""tools":[{"type":"function","function":{"name":"shell","parameters":{"properties":{"command":{}}}}}]"#

    private static func ask(_ model: ScriptedModel, _ prompt: String, more: String = secondTools) throws -> PlainExchange {
        let body =
            #"{"model":"scripted","stream":true,\#(more),"messages":[{"role":"system","content":"Working directory: /tmp/p"},{"role":"user","content":"\#(prompt)"}]}"#
        return try PlainExchange.ask(model.port, "POST", "/v1/chat/completions", body: body)
    }

    /// The `delta` objects of an answer.
    private static func deltas(_ answer: PlainExchange) throws -> [JSONValue] {
        let frames = answer.text.components(separatedBy: "\n\n").filter { $0.hasPrefix("data: {") }
        return try frames.compactMap { try JSON.parse(Array($0.dropFirst(6).utf8))["choices"]?.items.first?["delta"] }
    }

    @Test func `streams words and ends with a finish reason`() throws {
        let model = try ScriptedModel(tokensPerSecond: 0)
        defer { model.stop() }
        let answer = try Self.ask(model, "hello")
        let text = try Self.deltas(answer).compactMap { $0["content"]?.string }.joined()
        #expect(text.hasPrefix("Hello! a reader may leave"))
        #expect(answer.text.hasSuffix("data: [DONE]\n\n"))
        #expect(answer.text.contains(#""finish_reason":"stop""#))
        #expect(model.answers == 1)
    }

    @Test(arguments: [
        (secondTools, "shell", "path"), (#""tools":[{"type":"function","function":{"name":"bash","parameters":{}}}]"#, "bash", "filePath"),
    ])
    func `calls the tools of the generation that asks`(_ tools: String, _ shell: String, _ path: String) throws {
        let model = try ScriptedModel(tokensPerSecond: 0)
        defer { model.stop() }
        func call(_ prompt: String) throws -> (name: String?, arguments: JSONValue) {
            let calls = try Self.deltas(try Self.ask(model, prompt, more: tools)).flatMap { $0["tool_calls"]?.items ?? [] }.compactMap {
                $0["function"]
            }
            let arguments = calls.compactMap { $0["arguments"]?.string }.joined()
            return (calls.first?["name"]?.string, try JSON.parse(Array(arguments.utf8)))
        }
        #expect(try call("bigoutput please").name == shell)
        #expect(try call("edit once please").arguments.member(named: path)?.string == "/tmp/p/app.py")
    }

    @Test func `refuses, and recovers when it is asked again`() throws {
        let model = try ScriptedModel(tokensPerSecond: 0)
        defer { model.stop() }
        #expect(try Self.ask(model, "rate-limit").status == 429)
        #expect(try Self.ask(model, "rate-limit").status == 429)
        #expect(try Self.ask(model, "rate-limit").status == 200)
        #expect(try Self.ask(model, "provider-error").status == 400)
        #expect(throws: PlainExchange.Broken.self) { try Self.ask(model, "provider-cut") }
        #expect(try Self.ask(model, "provider-cut").status == 200)
        #expect(try !Self.ask(model, "provider-unfinished").text.contains(#""finish_reason":"stop""#))
    }

    @Test func `reads the prompt that a reminder wraps`() throws {
        let model = try ScriptedModel(tokensPerSecond: 0)
        defer { model.stop() }
        let wrapped = #"<system-reminder>\nThe user sent the following message:\nmarkdown please\n\nPlease address it.</system-reminder>"#
        let text = try Self.deltas(try Self.ask(model, wrapped)).compactMap { $0["content"]?.string }.joined()
        #expect(text.hasPrefix("## What comes next"))
    }
}
