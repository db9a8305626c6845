// What models and people wrote, as a terminal may have it: an escape sequence in it would be carried out, and could make another command
// appear than the one that is asked about.

enum TerminalText {
    /// Control characters become their pictures (U+2400 and on), or U+FFFD. With `lines`, line feeds and tabs stay.
    static func shown(_ text: String, lines: Bool) -> [UInt8] {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A: shown.append(lines ? scalar : " ")
            case 0..<0x20: shown.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
            case 0x7F: shown.append("\u{2421}")
            // C1, and what turns the direction of writing.
            case 0x80..<0xA0, 0x202A...0x202E, 0x2066...0x2069: shown.append("\u{FFFD}")
            default: shown.append(scalar)
            }
        }
        return Array(String(shown).utf8)
    }
}
