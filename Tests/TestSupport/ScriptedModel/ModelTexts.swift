// What the scripted model says.

enum ModelTexts {
    private static let stock =
        "a reader may leave at any word and come back to the next one because what was said is on disk before anybody has heard it"
        .split(separator: " ").map(String.init)

    static func prose(_ words: Int) -> String {
        (0..<max(1, words)).map { stock[$0 % stock.count] }.joined(separator: " ") + "."
    }

    static let manyLines = (0..<1200).map { "line \($0) of a file that is larger than most\n" }.joined()

    static let markdown = """
        ## What comes next

        1. **Read** the entry point
        2. Add a `login`
        3. Run the tests

        ```python
        def login(user, password):
            return user == 'ada'
        ```

        | step | state |
        |------|-------|
        | read | done  |
        | edit | next  |

        > Nothing is written before you allow it.

        """

    /// How the second generation wants a conversation summarised.
    static let summary = ["Objective", "Requirements", "Decisions", "Work State", "Next Move", "Relevant Files"]
        .map { "## \($0)\n- (none)\n" }.joined(separator: "\n")

    static let unicode =
        "naïve cafe\u{301} 日本語 🎉👩‍👩‍👧 🇨🇭 \u{2028}line\u{2029}paragraph\u{0}nul \u{1B}[31mred\u{1B}[0m \"quoted\" \\ </script> & "
        + "data: no frame\r\n\r\nafter two\n\nafter two more\ttab \u{202E}עברית\u{202C} end"
}
