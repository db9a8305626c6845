import RelayProtocol
import Testing
import Wire

@Suite struct FoldTests {
    struct Case {
        var name: String
        var events: [JSONValue]
        var state: JSONValue
        var digest: String
    }

    static func cases() throws -> [Case] {
        try Vectors.names(in: "fold").flatMap { file in
            try Vectors.load("fold/" + file)["cases"]?.items.map { vector in
                Case(
                    name: "\(file): \(try #require(vector["name"]?.string))", events: vector["events"]?.items ?? [],
                    state: try #require(vector["state"]), digest: try #require(vector["digest"]?.string))
            } ?? []
        }
    }

    private func fold(_ events: [JSONValue], onto start: FoldedSession = FoldedSession()) -> FoldedSession {
        events.reduce(into: start) { state, event in state.apply(payload: event) }
    }

    @Test func `folds every vector to its state`() throws {
        let cases = try Self.cases()
        #expect(cases.count > 50)
        for vector in cases {
            let state = fold(vector.events)
            #expect(text(state.canonicalForm) == text(CanonicalForm.bytes(vector.state)), "\(vector.name)")
            #expect(state.digest == vector.digest, "\(vector.name)")
        }
    }

    @Test func `folds events as it folds their payloads`() throws {
        for vector in try Self.cases() {
            var state = FoldedSession()
            for event in vector.events { Event(payload: event).map { state.apply($0) } }
            #expect(state.digest == vector.digest, "\(vector.name)")
        }
    }

    @Test func `an event that says a state may be said twice`() throws {
        for vector in try Self.cases() {
            let doubled = vector.events.flatMap { $0["type"]?.says("delta") == true ? [$0] : [$0, $0] }
            #expect(fold(doubled).digest == vector.digest, "\(vector.name)")
        }
    }

    @Test func `an answer can be folded on from, wherever it was taken`() throws {
        for vector in try Self.cases() {
            for cut in 0...vector.events.count {
                let answer = fold(Array(vector.events[..<cut])).answer(position: .origin, before: "x")
                let resumed = FoldedSession(state: try JSON.parse(answer))
                var (state, whole) = (fold(Array(vector.events[cut...]), onto: resumed), fold(vector.events))
                // An answer leaves out turns that its messages do not belong to.
                if vector.state["messages"]?.items.isEmpty == true { (state.turns, whole.turns) = ([], []) }
                #expect(state.digest == whole.digest, "\(vector.name), after \(cut)")
            }
        }
    }

    @Test func `takes every answer as far as it can be understood`() throws {
        let answers = try Vectors.names(in: "fold").flatMap { try Vectors.load("fold/" + $0)["answers"]?.items ?? [] }
        #expect(!answers.isEmpty)
        for vector in answers {
            let state = FoldedSession(state: try #require(vector["answer"]))
            #expect(text(state.canonicalForm) == text(CanonicalForm.bytes(try #require(vector["state"]))))
            #expect(state.digest == vector["digest"]?.string)
        }
    }

    @Test func `no sequence of events traps`() throws {
        let known = try Self.cases().flatMap(\.events).map { Array($0.raw) }
        for seed in 1...60 as ClosedRange<UInt64> {
            var random = SplitMix(seed: seed)
            var state = FoldedSession()
            for _ in 0..<300 {
                guard var payload = known.randomElement(using: &random) else { continue }
                if Int.random(in: 0..<3, using: &random) == 0 {
                    payload[Int.random(in: payload.indices, using: &random)] = .random(in: 0x20...0x7E, using: &random)
                }
                state.apply(Event(EventKind.allCases.randomElement(using: &random) ?? .part, payload: payload))
                if let event = Event(sessionPayload: payload) { state.apply(event) }
            }
            let isOrdered = zip(state.messages, state.messages.dropFirst()).allSatisfy { one, next in
                one.created == next.created ? one.id.utf8.lexicographicallyPrecedes(next.id.utf8) : one.created < next.created
            }
            #expect(isOrdered && Set(state.messages.map { Array($0.id.utf8) }).count == state.messages.count, "seed \(seed)")
            #expect((try? JSON.parse(state.answer(position: .origin), depth: Limits.lineDepth)) != nil, "seed \(seed)")
            #expect((try? JSON.parse(state.canonicalForm, depth: Limits.lineDepth)) != nil, "seed \(seed)")
        }
    }

    @Test func `of what a state says twice one is kept`() throws {
        let state = FoldedSession(
            state: try JSON.parse(
                bytes(
                    #"{"turns":[{"turn":2,"state":"failed"},{"turn":1,"state":"done"},{"turn":2,"state":"done"}],"messages":[{"id":"a","created":1,"parts":[{"id":"p"},{"id":"p"}]},{"id":"a","created":2,"parts":[{"id":"q"}]},{"id":"b","parts":[{"id":"p"}]}]}"#
                )))
        #expect(state.turns.map(\.number) == [1, 2] && state.turns.last?.state == .done)
        #expect(state.messages.map(\.id) == ["b", "a"])
        #expect(state.messages.map { $0.parts.map(\.id) } == [[], ["p"]])
    }

    @Test func `messages that are set are put in order and go on growing`() throws {
        let object = try JSON.parse(bytes(#"{"id":"p","message":"a","type":"text","text":"x"}"#))
        let row = try JSON.parse(bytes(#"{"id":"a","created":5}"#))
        var state = FoldedSession()
        state.messages = [
            FoldedMessage(id: "b", created: 7, object: row),
            FoldedMessage(id: "a", created: 5, object: row, parts: [FoldedPart(id: "p", object: object)]),
        ]
        state.apply(.delta(part: "p", text: bytes("y")))
        #expect(state.messages.map(\.id) == ["a", "b"])
        #expect(text(state.messages[0].parts[0].currentText) == "xy")
        #expect(state.messages[0].parts[0].currentRaw.isEmpty && state.messages[0].parts[0].currentOutput.isEmpty)
    }
}
