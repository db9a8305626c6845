// What a session or a step has used.

import Wire

struct ScriptedTokens: Sendable {
    var input: Int
    var output: Int

    func write(to writer: inout JSONWriter) {
        writer.object { tokens in
            tokens.member("input", input)
            tokens.member("output", output)
            tokens.member("reasoning", 0)
            tokens.key("cache")
            tokens.object { cache in
                cache.member("read", 0)
                cache.member("write", 0)
            }
        }
    }
}
