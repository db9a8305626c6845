import RelayProtocol
import Testing
import Wire

@Suite struct EventLineTests {
    private let vectors: JSONValue
    init() throws { vectors = try Vectors.load("lines/events.json") }

    private func event(_ vector: JSONValue) throws -> Event {
        let kind = try #require(EventKind(rawValue: vector["kind"]?.string ?? ""))
        return Event(
            kind, id: vector["id"]?.string, payload: bytes(try #require(vector["payload"]?.string)), by: vector["by"]?.string,
            origin: vector["origin"]?.string.flatMap(EventOrigin.init(rawValue:)))
    }

    @Test func `writes each line byte for byte, and reads it back`() throws {
        for vector in vectors["lines"]?.items ?? [] {
            let position = try #require(Position(vector["at"]?.string ?? ""))
            let timestamp = Int64(try #require(vector["ts"]?.int))
            var line: [UInt8] = []
            EventLine.append(try event(vector), at: position, timestamp: timestamp, to: &line)
            #expect(text(line) == (vector["line"]?.string ?? "") + "\n")
            #expect(EventLine.position(of: line[...]) == position)
            let read = try EventLine.parse(line, isPlain: vector["plain"]?.bool == true)
            #expect(
                read == EventLine(position: position, timestamp: timestamp, event: try event(vector)), "\(vector["name"]?.string ?? "")")
        }
    }

    @Test func `takes what a later version might write`() throws {
        for vector in vectors["taken"]?.items ?? [] {
            let line = try EventLine.parse(bytes(vector["line"]?.string ?? ""))
            #expect(line.event.kind == .status && line.position.offset == 2 && line.timestamp == 5 && line.event.origin == nil)
        }
    }

    @Test func `refuses what is no event line`() throws {
        for vector in vectors["refused"]?.items ?? [] {
            #expect(throws: LineError.self, "\(vector["why"]?.string ?? "")") { try EventLine.parse(bytes(vector["line"]?.string ?? "")) }
        }
    }

    @Test func `finds no position where none stands`() {
        let line = bytes(#"{"at":"0001-00001-0000000002","ts":5}"#)
        for end in 0..<29 { #expect(EventLine.position(of: line[..<end]) == nil) }
        #expect(EventLine.position(of: line[..<29])?.offset == 2)
        #expect(EventLine.position(of: line[1...]) == nil)
        #expect(EventLine.position(of: bytes(#"{"type":"heartbeat","head":"0001-00001-0000000002"}"#)[...]) == nil)
    }

    @Test func `the envelope has its bound`() throws {
        let longest = Event(.plain, payload: [], by: String(repeating: "x", count: Limits.byBytes), origin: .import)
        var bound: [UInt8] = []
        EventLine.append(longest, at: .origin, timestamp: .min, to: &bound)
        #expect(bound.count == EventLine.envelopeBytes)
        #expect(Limits.eventBytes + EventLine.envelopeBytes <= Limits.lineBytes)
    }

    @Test func `every maker's word and id are read back`() throws {
        let object = bytes(#"{"id":"x"}"#)
        let made: [Event] = [
            .session("x", object), .sessionRemoved(), .status(.retry(attempt: 2, message: bytes(#"a\"b"#), next: 5)),
            .turn(Turn(number: 3, state: .done)),
            .message("x", object), .messageRemoved("x"), .part("x", object), .partRemoved("x"),
            .delta(part: "x", text: bytes(#"\ud83d"#), field: "raw"),
            .permission("x", object), .permissionClosed("x", reply: "once"), .question("x", object),
            .questionClosed("x", outcome: "rejected"),
            .tasks(bytes("[]")), .queue(bytes("[]")), .error(object), .notice(kind: "runaway", text: "t"), .upstream(bytes("{}")),
            .outage(from: 1, to: 2, lost: ["deltas"], healed: true), .entry("x", object), .entryRemoved("x"),
        ]
        #expect(Set(made.map(\.kind)) == Set(EventKind.allCases).subtracting([.plain]))
        for event in made { #expect(Event(sessionPayload: event.payload) == event) }
    }
}
