// The word of an event line without scanning the line.

import RelayProtocol

enum LineHead {
    /// `{"at":"…","ts":…,"event":{"type":"`: what stands before the word, with a `ts` of any length.
    private static let opening = Array(#","event":{"type":""#.utf8)
    private static let leastBefore = 7 + Position.textBytes + 7
    private static let mostDigits = 20

    /// Whether a line that the log made is an event of this word.
    static func says(_ kind: EventKind, _ line: ArraySlice<UInt8>) -> Bool {
        let from = line.startIndex + leastBefore
        guard from < line.endIndex else { return false }
        let rest = line[from...]
        guard let comma = rest.prefix(mostDigits + 1).firstIndex(of: UInt8(ascii: ",")), line[comma...].starts(with: opening) else {
            return false
        }
        let word = line[comma...].dropFirst(opening.count)
        return word.starts(with: kind.rawValue.utf8) && word.dropFirst(kind.rawValue.utf8.count).first == UInt8(ascii: "\"")
    }
}
