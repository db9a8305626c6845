// From the objects of 1.18 to the words of a session's log. One function for each object, used for events and reads alike; so a heal is
// "map what was read, say what differs". What people and models wrote is copied as the bytes that came.

import RelayProtocol
import Wire

/// The mapping of 1.18's objects.
enum OpenCode1Words {
    /// `tokens` in our names; `total`, their sum, is left out.
    static func writeTokens(_ writer: inout JSONWriter, _ tokens: JSONValue?) {
        guard let tokens, tokens.isObject else { return }
        writer.key("tokens")
        writer.object { writer in
            writer.member("input", tokens["input"])
            writer.member("output", tokens["output"])
            writer.member("reasoning", tokens["reasoning"])
            writer.member("cacheRead", tokens["cache"]?["read"])
            writer.member("cacheWrite", tokens["cache"]?["write"])
        }
    }

    static func writeModel(_ writer: inout JSONWriter, provider: JSONValue?, id: JSONValue?, variant: JSONValue?) {
        guard let provider, let id else { return }
        writer.key("model")
        writer.object { writer in
            writer.member("provider", provider)
            writer.member("id", id)
            writer.member("variant", variant)
        }
    }

    /// An object's members in any order: the healer writes the same object in another one.
    static func fingerprint(_ object: JSONValue, besides left: [StaticString] = []) -> UInt64 {
        var sum: UInt64 = 0
        object.forEachMember { key, value in
            if !left.contains(where: { key.says($0) }) { sum &+= Fingerprint(value.raw, after: Fingerprint(key.raw)).value }
        }
        return sum
    }
}
