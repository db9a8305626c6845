// Values that an answer has cut out: of a message too large for its page, of a state too large for a line.

import EventLog
import RelayProtocol
import SQLite
import Wire

extension SessionReads {
    /// The bytes under a hash that the log has not as a blob; nil if no answer names it (any more). Looks through all that is large: it takes
    /// its time.
    public static func cutOut(_ hash: String, of id: String, in snapshot: LogSnapshot) throws -> (mime: String?, bytes: [UInt8])? {
        guard let reader = try SessionReader(id, in: snapshot) else { return nil }
        if let found = LargeAnswer.value(hash, besideMessagesOf: try whole(reader)) { return found }
        for message in try reader.largeMessages() {
            if let found = LargeAnswer.value(hash, of: message) { return found }
        }
        return nil
    }
}

extension SessionReader {
    /// The messages that answers show with values cut out, and some that they show whole.
    func largeMessages() throws -> [FoldedMessage] {
        try objects.messages(heavierThan: Limits.longestPageBytes / 2).map { try message($0, parts(of: $0)) }
    }
}
