// One stretch of work, from busy to idle, as events and answers say it.

import Wire

public struct Turn: Sendable, Equatable {
    public enum State: String, Sendable { case started, done, stopped, failed, interrupted }
    public var number: Int
    public var state: State
    /// Ids of the messages that it took up, so far.
    public var prompts: [String]
    /// An error object, JSON.
    public var error: [UInt8]?
    /// Upstream went on by itself.
    public var resumed: Bool

    public init(number: Int, state: State, prompts: [String] = [], error: [UInt8]? = nil, resumed: Bool = false) {
        self.number = number
        self.state = state
        self.prompts = prompts
        self.error = error
        self.resumed = resumed
    }

    public var isOpen: Bool { state == .started }

    /// From the payload of a `turn` event, or from an item of `turns` of an answer; nil for a state that is not known.
    public init?(payload: JSONValue) {
        guard let number = payload["turn"]?.int, let state = payload["state"]?.string.flatMap(State.init(rawValue:)) else { return nil }
        self.init(
            number: number, state: state, prompts: payload["prompts"]?.items.compactMap(\.string) ?? [],
            error: payload["error"].flatMap { $0.isObject ? Array($0.raw) : nil }, resumed: payload["resumed"]?.bool == true)
    }

    /// The members that follow `type` in an event, and are all of a turn in an answer.
    public func writeMembers(to writer: inout JSONWriter) {
        writer.member("turn", number)
        writer.member("state", state.rawValue)
        if !prompts.isEmpty { writer.member("prompts", strings: prompts) }
        writer.member("error", raw: error)
        if resumed { writer.member("resumed", true) }
    }

    /// A JSON object.
    public var json: [UInt8] { JSONWriter.object { writeMembers(to: &$0) } }
}
