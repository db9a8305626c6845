// What a recorded id is called in this run: the same kind of thing, made at the same place in the same session.

import Wire

struct RecordedIDMap {
    let recorded: StreamTally
    /// By recorded session.
    private(set) var sessions: [String: String] = [:]
    /// What stands in for the folders of the recording.
    let folders: [(recorded: String, here: String)]

    init(_ recorded: StreamTally, folders: [(recorded: String, here: String)]) { (self.recorded, self.folders) = (recorded, folders) }

    mutating func note(session recorded: String?, is live: String?) { if let recorded, let live { sessions[recorded] = live } }

    /// Where a recorded id stands.
    struct Place: Sendable {
        let recordedSession: String
        let kind: String
        let index: Int
    }

    func place(of id: String) -> Place? {
        for (name, session) in recorded.sessions {
            for (kind, ids) in session.ids {
                if let index = ids.firstIndex(of: id) { return Place(recordedSession: name, kind: kind, index: index) }
            }
        }
        return nil
    }

    /// Text with its folders and its sessions' ids as they are here, and all other ids through `resolve`.
    func translated(_ text: String, _ resolve: (String) throws -> String) rethrows -> String {
        var text = text
        for folder in folders { text = text.replacing(folder.recorded, with: folder.here) }
        var result = ""
        var word = ""
        for character in text + "\n" {
            if character == "_" || character.isASCII && (character.isLetter || character.isNumber) {
                word.append(character)
                continue
            }
            result += try self.word(word, resolve)
            result.append(character)
            word = ""
        }
        return String(result.dropLast())
    }

    private func word(_ word: String, _ resolve: (String) throws -> String) rethrows -> String {
        if let session = sessions[word] { return session }
        return ["msg_", "prt_", "per_", "que_", "frm_"].contains { word.hasPrefix($0) } ? try resolve(word) : word
    }
}
