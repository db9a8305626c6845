import Testing

@testable import Wire

@Suite struct JSONTests {
    private func parse(_ text: String) throws -> JSONValue { try JSON.parse(Array(text.utf8)) }

    @Test func `gives members as they stand in the bytes`() throws {
        let value = try parse(#" {"a":1.50,"b":{"c":["x","y\n\u0041"]},"d":null,"a":-2e3} "#)
        #expect(value["a"]?.int == -2000)
        #expect(value["b"]?["c"]?.items.map(\.string) == ["x", "y\nA"])
        #expect(value["b"]?["c"]?.raw.elementsEqual(#"["x","y\n\u0041"]"#.utf8) == true)
        #expect(value["d"] == nil)
        #expect(value.member("d")?.isNull == true)
        #expect(value["nothing"] == nil)
    }

    @Test func `a member is found however its name was escaped, and no other that looks alike`() throws {
        let value = try parse(#"{"\u0061b":1,"ac":2,"abc":3,"é":"ab","":4}"#)
        #expect(value["ab"]?.int == 1)
        #expect(value["abc"]?.int == 3)
        #expect(value["a"] == nil)
        #expect(value[""]?.int == 4)
        #expect(value["é"]?.says("ab") == true && value["é"]?.says("ac") == false && value["ac"]?.says("2") == false)
        #expect(try parse(#"{"ab":1,"\u0061b":2}"#)["ab"]?.int == 2)
    }

    @Test func `names and words are the same however they are escaped, and no others`() throws {
        let value = try parse(#"{"type":"te\u0078t","p\u0061rts":1,"\u212a":2}"#)
        #expect(value["type"]?.says("text") == true && value["type"]?.says("tex") == false)
        #expect(value["parts"]?.int == 1)
        #expect(value["K"] == nil && value.member(named: "K") == nil)  // the Kelvin sign is no K, though Swift's strings are equal
    }

    @Test func `names that look alike are two`() throws {
        let (one, other) = (try parse(#"{"\u00e9":1,"e\u0301":2}"#), try parse(#"{"e\u0301":2,"\u00e9":1}"#))
        #expect(one.says(sameAs: other))
        #expect(try !one.says(sameAs: parse(#"{"\u00e9":2,"e\u0301":2}"#)))
    }

    @Test func `a copied value stands alone`() throws {
        let value = try #require(try parse(#"{"a":{"b":[1,{"c":"d"}]}}"#)["a"]).copied()
        #expect(value["b"]?.items[1]["c"]?.string == "d")
        #expect(value.bytes == Array(#"{"b":[1,{"c":"d"}]}"#.utf8))
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":}", "{a:1}", "01", "-", "1.", "1e", "tru", "nul", "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\u{01}\"", "[1]]",
        "1 2", "{\"a\" 1}", "[1 2]",
    ])
    func `refuses what is not JSON`(text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test(
        arguments: [
            [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
            [0x22, 0xFF, 0x22],
        ] as [[UInt8]])
    func `refuses what is not UTF-8`(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSON.parse(bytes) }
    }

    @Test func `depth is bounded`() throws {
        let deep = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
        #expect(throws: JSONError.self) { try parse(deep) }
        _ = try parse(String(repeating: "[", count: 128) + String(repeating: "]", count: 128))
    }

    @Test func `lone surrogates stay in UTF-16 and in the bytes`() throws {
        let value = try parse(#""a\ud83d b\ud83d\ude00""#)
        #expect(JSONText.utf16(try #require(value.rawText)) == [0x61, 0xD83D, 0x20, 0x62, 0xD83D, 0xDE00])
        #expect(value.string == "a\u{FFFD} b😀")
    }

    @Test func `what is written reads back the same`() throws {
        let text = "quote \" slash \\ tab \t nul \u{0} esc \u{1B} line \u{2028} family 👨‍👩‍👧"
        let bytes = JSONWriter.object { object in
            object.member("text", text)
            object.member("absent", nil as String?)
            object.member("flag", true)
            object.key("list")
            object.array { list in
                list.int(1)
                list.object { _ in }
                list.string("x")
            }
            object.member("strings", strings: [])
        }
        let value = try JSON.parse(bytes)
        #expect(value["text"]?.string == text)
        #expect(value.members.map(\.key) == ["text", "flag", "list", "strings"])
        #expect(value["list"]?.raw.elementsEqual(#"[1,{},"x"]"#.utf8) == true)
    }

    /// Strings are passed eight bytes at a time: what ends or spoils one is seen wherever it stands in a word.
    @Test(arguments: 0..<20) func `sees every byte of a string`(place: Int) {
        let letters = [UInt8](repeating: UInt8(ascii: "x"), count: 20)
        for byte in UInt8.min...UInt8.max {
            var inner = letters
            inner[place] = byte
            let quoted = [UInt8(ascii: "\"")] + inner + [UInt8(ascii: "\"")]
            let isPlain = byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            #expect((try? JSON.parse(quoted))?.rawText == (isPlain ? inner[...] : nil), "byte \(byte)")
        }
    }

    @Test(arguments: 0..<20) func `finds a byte wherever it stands`(place: Int) {
        var bytes = [UInt8](repeating: 0x0B, count: 20)
        bytes[place] = 0x0A
        for from in 0...20 { #expect(bytes.span.firstIndex(of: 0x0A, from: from) == (from <= place ? place : nil)) }
    }

    @Test func `line ends between tokens become spaces`() {
        #expect(JSON.onOneLine(Array("{\r\n\"a\":\n1}".utf8)) == Array("{  \"a\": 1}".utf8))
    }
}
