// What a message of 1.18 has used.

import Wire

struct ScriptedTokens1: Sendable {
    var input: Int
    var output: Int
    var isCounted = true

    static let none = ScriptedTokens1(input: 0, output: 0, isCounted: false)

    func write(to writer: inout JSONWriter) {
        writer.object { tokens in
            if isCounted { tokens.member("total", input + output) }
            tokens.member("input", input)
            tokens.member("output", output)
            tokens.member("reasoning", 0)
            tokens.member("cache", raw: Array(#"{"write":0,"read":0}"#.utf8))
        }
    }
}
