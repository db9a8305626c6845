// Frames made by hand, for what no recording holds.

import OpenCode
import RelayProtocol
import Testing
import Wire

/// A session that is driven frame by frame.
struct Driven1 {
    static let session = "ses_1"
    let adapter = OpenCode1()
    var translator: any SessionTranslator
    var folded = FoldedSession()
    var now: Int64 = 1_000_000
    var wishes: [Wish] = []

    init(known: Bool = true) {
        translator = adapter.translator(session: Self.session, record: nil, held: FoldedSession())
        if known { _ = receive("session.created", #"{"sessionID":"ses_1","info":\#(Self.row())}"#) }
    }

    static func row(title: String = "t", input: Int = 0) -> String {
        #"{"id":"ses_1","slug":"s","version":"1.18.33","projectID":"p","directory":"/p","title":"\#(title)","cost":0,"tokens":{"input":\#(input),"output":0,"reasoning":0,"cache":{"read":0,"write":0}},"time":{"created":1,"updated":2}}"#
    }

    static func frame(_ type: String, _ properties: String, id: String = "evt_1") -> JSONValue {
        parsed(#"{"directory":"/p","payload":{"id":"\#(id)","type":"\#(type)","properties":\#(properties)}}"#)
    }

    static func twin(_ type: String, _ data: String, seq: some CustomStringConvertible, id: String = "evt_1") -> JSONValue {
        parsed(
            #"{"payload":{"type":"sync","syncEvent":{"id":"\#(id)","type":"\#(type).1","seq":\#(seq),"aggregateID":"ses_1","data":\#(data)},"id":"\#(id)"}}"#
        )
    }

    static func parsed(_ text: String) -> JSONValue {
        do { return try JSON.parse(Array(text.utf8)) } catch { preconditionFailure("\(error) in \(text)") }
    }

    /// The payloads of what it said.
    @discardableResult mutating func receive(_ type: String, _ properties: String) -> [String] { receive(Self.frame(type, properties)) }

    @discardableResult mutating func receive(_ frame: JSONValue) -> [String] { take(translator.receive(frame, now: now)) }

    @discardableResult mutating func wake() -> [String] { take(translator.wake(now: now)) }

    @discardableResult mutating func settle(_ read: SessionRead) -> [String] { take(translator.settle(read, now: now)) }

    private mutating func take(_ translation: Translation) -> [String] {
        wishes = translation.wishes
        for event in translation.events { folded.apply(event) }
        return translation.events.map { String(decoding: $0.payload, as: UTF8.self) }
    }

    mutating func restart() { translator = adapter.translator(session: Self.session, record: translator.record, held: folded) }

    // What most tests need.

    @discardableResult mutating func status(_ status: String) -> [String] {
        receive("session.status", #"{"sessionID":"ses_1","status":{"type":"\#(status)"}}"#)
    }

    @discardableResult mutating func user(_ id: String, created: Int = 10) -> [String] {
        receive(
            "message.updated",
            #"{"sessionID":"ses_1","info":{"id":"\#(id)","role":"user","sessionID":"ses_1","time":{"created":\#(created)}}}"#)
    }

    @discardableResult mutating func assistant(_ id: String, created: Int = 11, _ rest: String = "") -> [String] {
        receive(
            "message.updated",
            #"{"sessionID":"ses_1","info":{"id":"\#(id)","role":"assistant","sessionID":"ses_1","time":{"created":\#(created)}\#(rest)}}"#)
    }

    @discardableResult mutating func completed(_ id: String, finish: String = "stop", created: Int = 11) -> [String] {
        receive(
            "message.updated",
            #"{"sessionID":"ses_1","info":{"id":"\#(id)","role":"assistant","sessionID":"ses_1","time":{"created":\#(created),"completed":20},"finish":"\#(finish)"}}"#
        )
    }

    @discardableResult mutating func tool(_ id: String, of message: String, _ state: String) -> [String] {
        receive(
            "message.part.updated",
            #"{"sessionID":"ses_1","part":{"id":"\#(id)","sessionID":"ses_1","messageID":"\#(message)","type":"tool","tool":"bash","callID":"c","state":\#(state)}}"#
        )
    }

    /// A running turn: prompt `m1`, answer `m2`.
    static func running() -> Driven1 {
        var driven = Driven1()
        driven.user("m1")
        driven.status("busy")
        driven.assistant("m2")
        return driven
    }

    static func read(_ fill: (inout SessionRead) -> Void) -> SessionRead {
        var read = SessionRead(session: session)
        fill(&read)
        return read
    }

    static func message(_ id: String, _ role: String, created: Int, _ rest: String = "", parts: [PartRead] = []) -> MessageRead {
        MessageRead(
            id: id, created: created, object: Array(#"{"id":"\#(id)","role":"\#(role)","created":\#(created)\#(rest)}"#.utf8), parts: parts)
    }
}
