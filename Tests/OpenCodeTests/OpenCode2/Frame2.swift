// Frames made by hand, for what no recording holds.

import OpenCode
import RelayProtocol
import Testing
import Wire

/// A session that is driven frame by frame.
struct Driven2 {
    static let session = "ses_1"
    let adapter = OpenCode2()
    var translator: any SessionTranslator
    var folded = FoldedSession()
    /// ms since 1970, one a frame; also the frame's `created`.
    var now = 1_000_000
    var sequence = -1
    var wishes: [Wish] = []

    init(known: Bool = true) {
        translator = adapter.translator(session: Self.session, record: nil, held: FoldedSession())
        if known { durable("session.created", #""slug":"s","projectID":"p","location":{"directory":"/p"},"version":"2""#) }
    }

    static func parsed(_ text: String) -> JSONValue {
        do { return try JSON.parse(Array(text.utf8)) } catch { preconditionFailure("\(error) in \(text)") }
    }

    /// `data` is the inside of the object, without the session. Gives the payloads of what is said.
    @discardableResult mutating func durable(_ type: String, _ data: String = "", sequence: Int? = nil) -> [String] {
        self.sequence = sequence ?? self.sequence + 1
        let counted = #","durable":{"aggregateID":"ses_1","seq":\#(self.sequence),"version":1}"#
        return receive(type, data, counted)
    }

    @discardableResult mutating func volatile(_ type: String, _ data: String = "") -> [String] { receive(type, data, "") }

    private mutating func receive(_ type: String, _ data: String, _ rest: String) -> [String] {
        now += 10
        let inner = #""sessionID":"ses_1""# + (data.isEmpty ? "" : "," + data)
        return receive(Self.parsed(#"{"id":"evt_\#(now)","created":\#(now),"type":"\#(type)","data":{\#(inner)}\#(rest)}"#))
    }

    @discardableResult mutating func receive(_ frame: JSONValue) -> [String] { take(translator.receive(frame, now: Int64(now))) }

    @discardableResult mutating func settle(_ fill: (inout SessionRead) -> Void) -> [String] {
        var read = SessionRead(session: Self.session)
        fill(&read)
        return take(translator.settle(read, now: Int64(now)))
    }

    private mutating func take(_ translation: Translation) -> [String] {
        wishes = translation.wishes
        for event in translation.events { folded.apply(event) }
        return translation.events.map { String(decoding: $0.payload, as: UTF8.self) }
    }

    /// Another connection, or another process: record and log are all that is left.
    mutating func restart() { translator = adapter.translator(session: Self.session, record: translator.record, held: folded) }

    // What most tests need.

    @discardableResult mutating func prompt(_ id: String, _ text: String = "hi") -> [String] {
        enqueue(id, text)
        let started = durable("session.execution.started")
        return started + durable("session.inbox.delivered", #""inboxID":"\#(id)""#)
    }

    @discardableResult mutating func enqueue(_ id: String, _ text: String = "hi") -> [String] {
        durable("session.inbox.enqueued", #""inboxID":"\#(id)","item":{"type":"user","payload":{"text":"\#(text)"},"delivery":"steer"}"#)
    }

    @discardableResult mutating func step(_ id: String) -> [String] {
        durable(
            "session.step.started",
            #""assistantMessageID":"\#(id)","agent":"build","model":{"id":"m","providerID":"p"},"started":\#(now + 5)"#)
    }

    @discardableResult mutating func text(_ id: String, _ words: String) -> [String] {
        durable("session.text.started", #""assistantMessageID":"\#(id)","ordinal":0"#)
            + volatile("session.text.delta", #""assistantMessageID":"\#(id)","ordinal":0,"delta":"\#(words)""#)
    }

    @discardableResult mutating func ask(_ id: String) -> [String] {
        volatile(
            "permission.asked",
            #""id":"\#(id)","action":"shell","resources":["ls"],"source":{"type":"tool","messageID":"msg_2","id":"call_1"}"#)
    }

    /// A running turn: prompt `msg_1`, answer `msg_2` with words.
    static func running() -> Driven2 {
        var driven = Driven2()
        driven.prompt("msg_1")
        driven.step("msg_2")
        driven.text("msg_2", "half")
        return driven
    }

    static func message(_ id: String, _ role: String, created: Int, _ rest: String = "", parts: [PartRead] = []) -> MessageRead {
        MessageRead(
            id: id, created: created, object: Array(#"{"id":"\#(id)","role":"\#(role)","created":\#(created)\#(rest)}"#.utf8), parts: parts)
    }
}
