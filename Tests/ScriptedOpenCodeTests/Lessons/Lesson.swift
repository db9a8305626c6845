// What a real server taught, and what holds a scripted agent to it.

import Testing

struct Lesson: Sendable, CustomTestStringConvertible {
    /// As it is counted in the notes on the real server.
    let number: Int
    let words: String
    /// Recordings that show it, and are played or looked at.
    var recordings: [String] = []
    /// Tests of this target, by their names.
    var tests: [String] = []
    /// Why nothing holds an agent to it.
    var exempt: String?

    init(_ number: Int, _ words: String, _ recordings: [String] = [], tests: [String] = [], exempt: String? = nil) {
        (self.number, self.words, self.recordings, self.tests, self.exempt) = (number, words, recordings, tests, exempt)
    }

    var testDescription: String { "\(number). \(words)" }
}
