import RelayProtocol
import Testing
import Wire

@Suite struct CanonicalFormTests {
    private func canonical(_ json: String) throws -> String { text(CanonicalForm.bytes(try JSON.parse(bytes(json)))) }

    @Test func `writes numbers as ECMAScript does`() throws {
        let vectors = try Vectors.load("canonical/numbers.json")
        for vector in vectors["read"]?.items ?? [] {
            let json = try #require(vector["json"]?.string)
            #expect(try canonical(json) == vector["text"]?.string, "\(json)")
        }
        for vector in vectors["ieee"]?.items ?? [] {
            let value = Double(bitPattern: try #require(UInt64(vector["bits"]?.string ?? "", radix: 16)))
            #expect(try canonical("\(value)") == vector["text"]?.string, "\(value)")
        }
    }

    @Test func `reads its own numbers back to the same double`() throws {
        var random = SplitMix(seed: 1)
        for _ in 0..<5000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            #expect(Double(try canonical("\(value)")) == value)
        }
    }

    @Test func `brings what says the same to the same bytes`() throws {
        for vector in try Vectors.load("canonical/values.json")["values"]?.items ?? [] {
            let name = vector["name"]?.string ?? ""
            let value = try JSON.parse(bytes(try #require(vector["json"]?.string)))
            let form = CanonicalForm.bytes(value)
            #expect(text(form) == vector["canonical"]?.string, "\(name)")
            #expect(CanonicalForm.digest(form) == vector["digest"]?.string, "\(name)")
            #expect(CanonicalForm.bytes(try JSON.parse(form)) == form, "\(name)")
        }
    }
}

/// A small generator with a seed that a failing test can print.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
