import Testing

@testable import RepriseClient
@testable import reprise

@Suite struct TailPrinterTests {
    private final class Output { var bytes: [UInt8] = [] }

    private func printed(_ events: [String]) -> String {
        let output = Output()
        var printer = TailPrinter(isJSON: false, isSession: true) { output.bytes += $0 }
        for (number, event) in events.enumerated() {
            let line = #"{"at":"1-a-\#(number + 1)","ts":1,"event":\#(event)}"# + "\n"
            printer.show(.event(SubscribedEvent(position: "1-a-\(number + 1)", line: Array(line.utf8))))
        }
        return String(decoding: output.bytes, as: UTF8.self)
    }

    private func delta(_ text: String) -> String { #"{"type":"delta","message":"m","part":"m.text.0","text":"\#(text)"}"# }
    private func whole(_ text: String) -> String { #"{"type":"part","part":{"id":"m.text.0","message":"m","type":"text","text":"\#(text)"}}"# }
    private func tool(_ state: String) -> String {
        #"{"type":"part","part":{"id":"m.tool.c","message":"m","type":"tool","call":"c","name":"bash","title":"ls","state":"\#(state)"}}"#
    }

    @Test func `a text that was streamed is printed once, whatever comes between`() {
        let text = printed([delta("Hello "), tool("running"), tool("running"), delta("there"), tool("completed"), whole("Hello there")])
        #expect(text == "Hello \n[running] bash ls\nthere\n[completed] bash ls\n")
    }

    @Test func `a text that a heal has whole is printed whole, once`() {
        #expect(printed([delta("Hel"), whole("Hello there"), whole("Hello there")]) == "Hel\n(whole) Hello there\n")
        #expect(printed([whole("Hello there"), whole("Hello there"), delta(" again")]) == "Hello there\n again")
    }

    /// As 2.x cuts a stream of UTF-16 units.
    @Test func `a character that two deltas bring in halves is printed once, and whole`() {
        #expect(printed([delta(#"a\ud83d"#), delta(#"\ude00 ä"#), whole("a😀 ä")]) == "a😀 ä")
        #expect(printed([delta(#"a\ud83d"#), tool("running"), delta(#"\ude00"#), whole("a😀")]) == "a\n[running] bash ls\n😀")
        #expect(printed([delta(#"a\ud83d"#), whole(#"a\ud83d b"#)]) == "a\n(whole) a\u{FFFD} b\n")
    }

    @Test func `an outage says whether words are missing`() {
        let outage = #"{"type":"outage","from":1,"to":2,"healed":true"#
        #expect(printed([outage + "}"]) == "! OpenCode was not heard; all of it is here\n")
        #expect(printed([outage + #","lost":["deltas"]}"#]).hasSuffix("; words that streamed meanwhile come with the whole text\n"))
    }

    @Test func `why something failed or is tried again is said, and which card was closed`() {
        let failed = #"{"type":"turn","turn":1,"state":"failed","error":{"name":"x","message":"no model"}}"#
        #expect(printed([failed, #"{"type":"turn","turn":2,"state":"done"}"#]) == "— turn 1 failed: no model\n— turn 2 done\n")
        let retry = #"{"type":"status","status":"retry","attempt":2,"message":"too many requests"}"#
        #expect(printed([retry, #"{"type":"status","status":"busy"}"#]) == "! it is tried again: too many requests\n")
        #expect(printed([#"{"type":"permission.closed","id":"per_1","reply":"once"}"#]) == "? once (per_1)\n")
        #expect(printed([#"{"type":"question.closed","id":"que_1","outcome":"answered"}"#]) == "? answered (que_1)\n")
    }

    @Test func `a prompt is marked as one`() {
        let message = #"{"type":"message","message":{"id":"m","role":"user"}}"#
        #expect(printed([message, whole("hi")]) == "> hi\n")
    }
}
