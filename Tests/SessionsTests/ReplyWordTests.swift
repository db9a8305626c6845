import OpenCode
import Testing

@testable import Sessions

/// Whether the event that closed a card says what a reply had asked for.
@Suite struct ReplyWordTests {
    @Test(
        arguments: [
            ("once", #"{"reply":"once"}"#, true), ("once", #"{"reply":"always"}"#, false), ("reject", #"{"reply":"reject"}"#, true),
            ("once", "{}", nil),
        ] as [(String, String, Bool?)])
    func `a permission by its reply`(_ reply: String, _ closing: String, _ isAnswer: Bool?) {
        let command = UpstreamCommand.permission(session: "s", directory: nil, id: "p", reply: reply, message: nil, prompts: [])
        #expect(command.isAnswer(in: Array(closing.utf8)) == isAnswer)
    }

    @Test(
        arguments: [
            (#"{"q0":"a"}"#, #"{"outcome":"answered","answer":{"q0":"a"}}"#, true),
            (#"{"q0":"a"}"#, #"{"outcome":"answered","answer":{"q0":["a"]}}"#, true),
            (#"{"q0":["a","b"],"q1":null,"q2":[]}"#, #"{"outcome":"answered","answer":{"q0":["a","b"]}}"#, true),
            (#"{"q0":"a"}"#, #"{"outcome":"answered","answer":{"q0":"b"}}"#, false),
            (#"{"q0":"a"}"#, #"{"outcome":"answered","answer":{"q0":["a","b"]}}"#, false),
            (#"{"q0":"a"}"#, #"{"outcome":"answered","answer":{"q0":"a","q1":"b"}}"#, false),
            (#"{"q0":"a"}"#, #"{"outcome":"rejected"}"#, false), (#"{"q0":"a"}"#, #"{"outcome":"answered"}"#, nil),
            (nil, #"{"outcome":"rejected"}"#, true), (nil, #"{"outcome":"answered","answer":{}}"#, false),
        ] as [(String?, String, Bool?)])
    func `a question by what was chosen`(_ answer: String?, _ closing: String, _ isAnswer: Bool?) {
        let command = UpstreamCommand.question(
            session: "s", directory: nil, id: "q", answer: answer.map { Array($0.utf8) }, prompts: [])
        #expect(command.isAnswer(in: Array(closing.utf8)) == isAnswer)
    }
}
