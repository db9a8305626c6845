// Blobs of a session: those that were cut out before the log, and strings that an answer has cut out of a message too large for its page.

import EventLog
import RelayProtocol
import SQLite
import Wire

extension SessionReads {
    /// The bytes under a hash; nil if the session has none.
    public static func blob(_ hash: String, of id: String, in snapshot: LogSnapshot) throws -> (mime: String?, bytes: [UInt8])? {
        guard let name = TopicName(id), name.kind == .session else { return nil }
        if let stored = try snapshot.blob(name, hash) { return stored }
        guard let reader = try SessionReader(id, in: snapshot) else { return nil }
        for message in try reader.largeMessages() {
            if let text = LargeMessage.string(hash: hash, in: message) { return (nil, text) }
        }
        return nil
    }
}

extension SessionReader {
    /// The messages that answers show with strings cut out.
    func largeMessages() throws -> [FoldedMessage] {
        try objects.messages(heavierThan: Limits.longestPageBytes / 2).map { try message($0, parts(of: $0)) }
    }
}
