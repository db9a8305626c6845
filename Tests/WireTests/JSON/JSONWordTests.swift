// Strings are searched by words: what ends one, or may not stand in it, is found at every place of a word and behind the last one.

import Testing
import Wire

@Suite struct JSONWordTests {
    private static func text(_ length: Int, _ bytes: [UInt8], at place: Int) -> [UInt8] {
        var text = [UInt8](repeating: UInt8(ascii: "a"), count: length)
        text.replaceSubrange(place..<place, with: bytes)
        return [UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")]
    }

    private static let places = (0...50).flatMap { length in (0...length).map { (length, $0) } }

    @Test func `a string ends at its quote, wherever that stands`() throws {
        for length in 0...50 {
            let value = try JSON.parse([UInt8(ascii: "[")] + Self.text(length, [], at: 0) + Array(",1]".utf8))
            #expect(value.items.first?.string?.utf8.count == length)
            #expect(value.items.last?.int == 1)
        }
    }

    @Test func `an escape is found at every place`() throws {
        for (length, place) in Self.places {
            let expected = String(repeating: "a", count: place) + "\n" + String(repeating: "a", count: length - place)
            #expect(try JSON.parse(Self.text(length, Array(#"\n"#.utf8), at: place)).string == expected)
        }
    }

    @Test(arguments: [0x00, 0x1F, 0x80, 0xFF] as [UInt8]) func `what may not stand in a string is refused at its place`(_ byte: UInt8) {
        for (length, place) in Self.places {
            let error = #expect(throws: JSONError.self) { try JSON.parse(Self.text(length, [byte], at: place)) }
            #expect(error?.offset == place + 1)
        }
    }

    @Test(arguments: ["~", "\u{7F}", "ä", "€", "😀"]) func `what may stand in a string is taken at every place`(_ text: String) throws {
        for (length, place) in Self.places {
            let expected = String(repeating: "a", count: place) + text + String(repeating: "a", count: length - place)
            #expect(try JSON.parse(Self.text(length, Array(text.utf8), at: place)).string == expected)
        }
    }

    @Test func `a byte is found at its first place behind the beginning`() {
        for (length, place) in Self.places {
            let bytes = Self.text(length, [0x0A, 0x0A], at: place)
            #expect(bytes.span.firstIndex(of: 0x0A, from: 0) == place + 1)
            #expect(bytes.span.firstIndex(of: 0x0A, from: place + 2) == place + 2)
            #expect(bytes.span.firstIndex(of: 0x0A, from: place + 3) == nil)
            #expect(bytes.span.firstIndex(of: 0x0A, from: bytes.count) == nil)
        }
    }
}
