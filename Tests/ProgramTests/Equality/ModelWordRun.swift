// One word of the scripted model, from a new session to its end, all through the program.

import TestSupport
import Wire

struct ModelWordRun {
    /// Each word, and a prompt of its own: the model counts how often it was asked the same.
    static let words: [String: String] = [
        "authentication": "add authentication please, by word", "parallel": "parallel tools, by word",
        "subagent": "subagent please, by word",
        "question": "question please, by word", "toolerror": "toolerror please, by word", "bigoutput": "bigoutput please, by word",
        "bigwrite": "bigwrite please, by word", "chatty": "chatty please, by word", "badargs": "badargs please, by word",
        "unknowntool": "unknowntool please, by word", "outside": "outside please, by word", "edit": "edit once please, by word",
        "provider-error": "provider-error, by word", "provider-down": "provider-down, by word", "provider-cut": "provider-cut, by word",
        "provider-unfinished": "provider-unfinished, by word", "rate-limit": "rate-limit, by word", "think": "think hard, by word",
        "firehose": "firehose 3000, by word", "long": "long please, by word", "half": "half a long answer, by word",
        "silent": "silent please, by word", "unicode": "unicode please, by word", "markdown": "markdown please, by word",
        "greeting": "hello, by word", "picture": "hello, what is on it, by word",
    ]

    let word: String
    let fixture: EqualityFixture
    let project: String

    private static let picture =
        #"{"type":"file","mime":"image/png","name":"dot.png","url":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="}"#

    /// Its sessions.
    func run() throws -> [String] {
        let created = try fixture.api.post("/v1/sessions", #"{"title":"The word \#(word)","directory":"\#(project)"}"#)
        guard let session = created["id"]?.string else { throw OpenCodeStreamReader.Missing(what: "a session for \(word)") }
        let prompt = Self.words[word] ?? word
        let body =
            word == "picture"
            ? #"{"parts":[{"type":"text","text":"\#(prompt)"},\#(Self.picture)]}"# : #"{"content":"\#(prompt)"}"#
        try fixture.api.post("/v1/sessions/\(session)/chat", body)
        try fixture.stream.wait(for: "a turn of \(word)") { heard in
            guard let said = heard.sessions[session], (said.counts["user"] ?? 0) > 0 else { return false }
            return said.isBusy || (said.counts["idle"] ?? 0) > 0
        }
        return [session]
    }
}
