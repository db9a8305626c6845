// What is unique in a prompt's text, so that it is found again wherever the text stands: `#s1-17;`.

import Foundation

enum PromptMark {
    static func make(session: Int, number: Int) -> String { "#s\(session)-\(number);" }

    static func find(in text: String) -> String? {
        guard let start = text.range(of: "#s"), let end = text[start.upperBound...].firstIndex(of: ";") else { return nil }
        return String(text[start.lowerBound...end])
    }
}
