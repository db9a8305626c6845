// What is carried whole because nobody knows its type, but for what is never carried: the provider's opaque state under all of its names, and
// a provider's answer inside an error.

import Wire

extension OpenCode2Words {
    private static let opaque: [StaticString] = [
        "providerState", "providerResultState", "providerContext", "resultState", "native",
    ]

    static func carried(_ value: JSONValue) -> [UInt8] { value.carried(judge) }

    private static func judge(_ key: JSONValue, _ value: JSONValue) -> CarriedMember {
        if opaque.contains(where: { key.says($0) }) || key.says("state") && isOpaque(state: value) { return .dropped }
        guard key.says("error"), value.isObject else { return .kept }
        return .replaced(value.carried { $0.says("response") ? .dropped : judge($0, $1) })
    }

    /// A tool's state and a form's say their `status`; a provider's does not.
    private static func isOpaque(state: JSONValue) -> Bool { state.isObject && state["status"] == nil }
}
