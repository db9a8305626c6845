// UTF-8 against the standard library, on every sequence of up to three bytes that matters.

import Testing
import Wire

@Suite struct UTF8ValidatorTests {
    // One byte of each class that the table of well-formed sequences distinguishes.
    private let edges: [UInt8] = [
        0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4,
        0xF5, 0xFF,
    ]

    private func isValid(_ bytes: [UInt8]) -> Bool {
        UTF8Validator.isValid(bytes.span)
    }

    private func accepts(_ bytes: [UInt8], _ validator: inout UTF8Validator) -> Bool {
        validator.accept(bytes.span)
    }

    @Test func `agrees with the standard library on all sequences of four bytes`() {
        for first in edges {
            for second in edges {
                for third in edges {
                    for fourth in edges {
                        let bytes = [first, second, third, fourth]
                        let expected = String(validating: bytes, as: UTF8.self) != nil
                        if isValid(bytes) != expected { Issue.record("\(bytes) is \(expected ? "valid" : "invalid")") }
                    }
                }
            }
        }
    }

    @Test func `fails at the first byte from which no text can be valid`() {
        for bytes: [UInt8] in [[0xC0], [0xE0, 0x9F], [0xED, 0xA0], [0xF0, 0x8F], [0xF4, 0x90], [0xF5], [0xE2, 0x82, 0x41]] {
            var validator = UTF8Validator()
            #expect(accepts(Array(bytes.dropLast()), &validator))
            #expect(!accepts(Array(bytes.suffix(1)), &validator))
        }
    }

    @Test func `finds a bad byte wherever it stands in a long text`() {
        for position in 0..<100 {
            var bytes = [UInt8](repeating: 0x61, count: 100)
            #expect(isValid(bytes))
            bytes[position] = 0x80
            #expect(!isValid(bytes))
        }
    }

    @Test func `is not complete inside a character`() {
        var validator = UTF8Validator()
        for byte in Array("😀".utf8).dropLast() {
            #expect(accepts([byte], &validator) && !validator.isComplete)
        }
        #expect(accepts([0x80], &validator) && validator.isComplete)
    }
}
