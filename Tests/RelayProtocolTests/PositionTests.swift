import RelayProtocol
import Testing
import Wire

@Suite struct PositionTests {
    private let vectors: JSONValue
    init() throws { vectors = try Vectors.load("positions/positions.json") }

    @Test func `reads and writes the good ones`() throws {
        for vector in vectors["good"]?.items ?? [] {
            let text = try #require(vector["text"]?.string)
            let position = try #require(Position(text), "\(text)")
            #expect(position.epoch == Epoch(start: UInt32(vector["start"]?.int ?? -1), random: UInt32(vector["random"]?.int ?? -1)))
            #expect(position.offset == UInt64(vector["offset"]?.int ?? -1))
            #expect(position.description == text)
            #expect(Position(bytes("xx" + text + "yy").span, at: 2) == position)
        }
    }

    @Test func `refuses the bad ones`() throws {
        for vector in vectors["bad"]?.items ?? [] {
            let text = try #require(vector["text"]?.string)
            #expect(Position(text) == nil, "\(vector["why"]?.string ?? "")")
        }
    }

    @Test func `orders as the bytes do`() throws {
        let texts = (vectors["ascending"]?.items ?? []).compactMap(\.string)
        for (lower, higher) in zip(texts, texts.dropFirst()) {
            #expect(bytes(lower).lexicographicallyPrecedes(bytes(higher)))
            #expect(try #require(Position(lower)) < #require(Position(higher)))
        }
    }

    @Test func `a span that is too short holds no position`() {
        let line = bytes("0007-r7k2m-0000000039")
        #expect(Position(line.span, at: 1) == nil)
        #expect(Position(line.span, at: -1) == nil)
        #expect(Position([UInt8]().span, at: 0) == nil)
    }

    @Test func `the position before an event is of its epoch`() throws {
        #expect(try #require(Position("0007-r7k2m-0000000010")).before.description == "0007-r7k2m-0000000009")
        #expect(Position.origin.before == .origin)
    }

    @Test func `origin is before everything`() throws {
        #expect(Position.origin.description == "0000-00000-0000000000")
        #expect(Position.origin < (try #require(Position("0000-00000-0000000001"))))
    }
}
