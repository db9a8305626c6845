// What a newer server may say, and what a stream may lose.

import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct ToleranceTests2 {
    /// The frame as a newer server might send it: fields nobody knows, no location, the provider's state under its new name.
    static func newer(_ value: JSONValue, isEnvelope: Bool = true) -> [UInt8] {
        guard value.isObject else { return Array(value.raw) }
        return JSONWriter.object { writer in
            if isEnvelope { writer.member("future", "\u{1F680}") }
            for (key, member) in value.members where !(isEnvelope && key == "location") {
                writer.key(named: ["state", "resultState", "providerState"].contains(key) ? "native" : key)
                writer.raw(isEnvelope && key == "data" && member["form"] == nil ? newer(member, isEnvelope: false) : Array(member.raw))
            }
            if !isEnvelope { writer.member("zzz", raw: Array(#"{"deep":[1,null]}"#.utf8)) }
        }
    }

    /// Objects that a frame carries whole keep what nobody knows, under `extra`: rows and requests are compared without it.
    static func withoutFuture(_ text: [UInt8]) -> String {
        String(decoding: text, as: UTF8.self).replacing(#","zzz":{"deep":[1,null]}"#, with: "").replacing(
            #""zzz":{"deep":[1,null]}"#, with: ""
        )
        .replacing(#","extra":{}"#, with: "").replacing(#""extra":{},"#, with: "")
    }

    @Test(arguments: RecordingTests2.names) func `a newer server folds to the same`(_ name: String) throws {
        let lines = try Recording2(name).lines
        var known = Replay2()
        known.play(lines)
        var future = Replay2()
        for line in lines {
            guard case .frame(let frame) = line else { continue }
            future.receive(try JSON.parse(Self.newer(frame)))
            future.receive(
                try JSON.parse(
                    Array(#"{"id":"evt_new","type":"session.dreamt","data":{"sessionID":"\#(known.sessions.keys.first ?? "ses_1")"}}"#.utf8)
                ))
        }
        for (id, session) in known.sessions {
            #expect(
                Self.withoutFuture(future.sessions[id]?.folded.canonicalForm ?? []) == Self.withoutFuture(session.folded.canonicalForm),
                "\(name) \(id)")
        }
    }

    /// Every third frame is lost, or so: the session is read at the end, on a new connection, and nothing is missing.
    @Test(arguments: RecordingTests2.names, [1, 2, 3] as [UInt64]) func `a read brings back what a stream lost`(
        _ name: String, _ seed: UInt64
    ) throws {
        var chance = Chance(state: seed)
        var replay = Replay2()
        for line in try Recording2(name).lines {
            if case .frame(let frame) = line, chance.next() % 100 < 35 {
                // It is still known that something was heard.
                if case .session(let id) = replay.adapter.route(frame) { replay.lost(id) }
                continue
            }
            replay.play(line)
        }
        for (id, session) in replay.sessions where session.isReadLast {
            guard let read = replay.read(id), !read.isGone else { continue }
            replay.restart(id)
            replay.heal(read)
            let healed = try #require(replay.sessions[id])
            #expect(RESTComparison2.differences(healed.folded, read) == [], "\(name) \(id) \(seed)")
            #expect(healed.translator.isBusy == (read.status != .idle), "\(name) \(id) \(seed)")
            let before = healed.events.count
            replay.restart(id)
            replay.heal(read)
            #expect(replay.sessions[id]?.events.count == before, "\(name) \(id) \(seed)")
        }
    }

    /// xorshift: the same losses in every run.
    struct Chance: RandomNumberGenerator {
        var state: UInt64
        init(state: UInt64) { self.state = state &* 0x9E37_79B9_7F4A_7C15 | 1 }
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    private static let opaque = [
        #""state":{"openai":{"itemId":"sk-1"}}"#, #""resultState":{"a":"sk-2"}"#, #""providerState":{"b":["sk-3"]}"#,
        #""providerResultState":"sk-4""#, #""providerContext":{"c":"sk-5"}"#, #""native":{"d":{"e":"sk-6"}}"#,
    ].joined(separator: ",")

    @Test func `what nobody knows is carried without the provider's opaque state, however deep it stands`() throws {
        let inner = #"{"text":"t",\#(Self.opaque),"tools":[{"state":{"status":"running","x":1},\#(Self.opaque)}],"state":"open"}"#
        let left = #"{"text":"t","tools":[{"state":{"status":"running","x":1}}],"state":"open"}"#
        var driven = Driven2()
        let said = driven.volatile("session.dreamt", #""dream":\#(inner),"error":{"message":"no","response":{"body":"sk-7"}}"#)
        #expect(said.count == 1 && said[0].contains(#""dream":\#(left),"error":{"message":"no"}}"#), "\(said)")
        let server = OpenCode2().serverEvent(Driven2.parsed(#"{"type":"weather","data":{"a":\#(inner)}}"#))
        #expect(
            server.map { String(decoding: $0.payload, as: UTF8.self) }
                == #"{"type":"upstream","payload":{"type":"weather","data":{"a":\#(left)}}}"#)
    }

    @Test func `a row and a content that nobody knows are carried without the provider's opaque state`() throws {
        let rows =
            #"{"id":"msg_2","type":"dream","time":{"created":2},"x":1,\#(Self.opaque)},{"id":"msg_1","type":"assistant","time":{"created":1},"content":[{"type":"dream","y":2,\#(Self.opaque)}]}"#
        var conversation = Conversation<SessionRead>([
            ("GET /api/session/ses_1/message", [.json(#"{"data":[\#(rows)],"cursor":{}}"#)])
        ])
        let read = try conversation.run(OpenCode2().readOlder("ses_1", directory: "/p", before: "c", limit: 5)).get()
        #expect(
            read.messages.map { String(decoding: $0.object, as: UTF8.self) } == [
                #"{"id":"msg_1","role":"assistant","created":1}"#,
                #"{"id":"msg_2","role":"system","created":2,"extra":{"id":"msg_2","type":"dream","time":{"created":2},"x":1}}"#,
            ])
        #expect(
            read.messages[0].parts.map { String(decoding: $0.object, as: UTF8.self) } == [
                #"{"id":"msg_1.x0","message":"msg_1","type":"dream","extra":{"type":"dream","y":2}}"#
            ])
    }
}
