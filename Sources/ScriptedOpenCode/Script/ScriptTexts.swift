// What scripted models say.

enum ScriptTexts {
    /// What a model says to a prompt when it is asked for a title.
    static func title(of prompt: String) -> String {
        var words = String.UnicodeScalarView()
        for scalar in prompt.unicodeScalars where !(scalar.properties.isWhitespace && words.last == " ") {
            words.append(scalar.properties.isWhitespace ? " " : scalar)
        }
        return "Title: " + String(String.UnicodeScalarView(words.prefix(30)))
    }

    static func trimmed(_ title: String) -> String { title.last == " " ? String(title.dropLast()) : title }

    private static let stock = """
        The relay keeps one topic per session and writes every event before anyone sees it so a reader that comes back later can \
        continue from the last offset it has seen without losing or repeating a single one
        """.split(separator: " ").map(String.init)

    static func prose(words: Int) -> String {
        (0..<max(1, words)).map { stock[$0 % stock.count] }.joined(separator: " ") + "."
    }

    /// One delta of a flood, about 300 bytes, told apart by its number.
    static func flooded(_ number: Int) -> String {
        let digits = String(number)
        return "\n" + String(repeating: "0", count: max(0, floodDigits - digits.utf8.count)) + digits + " " + floodLine
    }

    /// Of the number.
    static let floodDigits = 10

    private static let floodLine = prose(words: 54)

    static let markdown = """
        ## Plan

        1. **Read** the entry point
        2. Add a `login` route
        3. Run the tests

        ```swift
        struct Session: Codable {
            let id: String
            var mode: Mode = .build
        }
        ```

        | step | state |
        |------|-------|
        | read | done |
        | edit | next |

        > Note: nothing is written before you approve it.

        """

    /// What 2.x tells the model of plan mode; plans lie in the home folder, which stands beside the directory.
    static func planning(in directory: String) -> String {
        let parent = directory[..<(directory.lastIndex(of: "/") ?? directory.startIndex)]
        return """
            <system-reminder>
            You are in Plan mode. Discuss the plan with the user directly in the conversation. Do not create or update plan files unless \
            the user explicitly asks you to; when they do, write them only in:
            \(parent)/home/.opencode/plan

            Do not modify any other files or ask a subagent to do so.

            You remain in Plan mode until the user switches agents. If the user asks you to implement changes, do not do so. Tell them \
            they need to switch agents.
            </system-reminder>
            """
    }

    /// What it tells of the end of it.
    static let planned = """
        <system-reminder>
        You are NO LONGER in Plan mode. The previous Plan restrictions no longer apply. Any Plan mode instructions from earlier in this \
        conversation are no longer active.
        </system-reminder>
        """

    /// What breaks those who take bytes for characters, or characters for lines.
    static let unicode =
        "naïve café cafe\u{301} — 日本語のテキスト 🎉👩\u{200D}👩\u{200D}👧 🇨🇭 \u{2028}line\u{2029}para\u{0}nul \u{1b}[31mesc\u{1b}[0m "
        + "\"quotes\" \\ back </script> <b>bold</b> & data: not-a-frame\r\n\r\nafter two CRLF\n\nafter two LF\ttab \u{202e}RTL\u{202c} עברית done"
}
