import Testing

@testable import reprise

@Suite struct ShownTextTests {
    @Test(arguments: [
        ("plain ä 😀", true, "plain ä 😀"), ("a\tb\nc", true, "a\tb\nc"), ("a\tb\nc", false, "a b c"),
        ("rm -rf ~\r\u{1B}[2Kls", true, "rm -rf ~␍␛[2Kls"),
        ("\u{7}\u{7F}\u{9B}31m\u{202E}", true, "␇␡\u{FFFD}31m\u{FFFD}"), ("\r\n", true, "␍\n"),
    ])
    func `what could steer a terminal is shown`(_ text: String, _ lines: Bool, _ expected: String) {
        #expect(TerminalText.shown(text, lines: lines) == Array(expected.utf8))
    }
}
