// A session read from the log: what a translator begins with, and what a read of OpenCode is compared with.

import RelayProtocol
import Wire

/// A message's place in its session.
public struct MessagePlace: Sendable, Equatable, Comparable {
    /// ms since 1970.
    public var created: Int
    public var id: String

    public init(created: Int, id: String) {
        self.created = created
        self.id = id
    }

    public static func < (a: MessagePlace, b: MessagePlace) -> Bool { (a.created, a.id) < (b.created, b.id) }
}

/// Which messages are loaded: the newest `messages`, or the newest that stand before a place.
public struct SessionLoad: Sendable, Equatable {
    public var session: String
    public var number: Int
    public var messages: Int
    public var before: MessagePlace?
}

/// Record and fold of a session, read from the log in one transaction.
public struct LoadedSession: Sendable {
    public var load: SessionLoad
    public var record: [UInt8]?
    public var held: FoldedSession

    public init(_ load: SessionLoad, record: [UInt8]?, held: FoldedSession) {
        self.load = load
        self.record = record
        self.held = held
    }

    /// The newest message behind which nothing is open: reading may stop there.
    var lastWhole: String? {
        var last: String?
        for message in held.messages {
            // A compaction's message never gets a time of completion.
            let isOpen = message.object["completed"] == nil && message.object["summary"]?.bool != true
            if isOpen, message.object["role"]?.says("assistant") == true { break }
            last = message.id
        }
        return last
    }

    /// Where a read that came from the newest message back has met the log: any of these. Where all that was loaded is open, its oldest;
    /// none for a log without messages.
    var anchors: Set<String> {
        guard let last = lastWhole else { return Set(held.messages.prefix(1).map(\.id)) }
        let end = held.messages.firstIndex { $0.id == last } ?? held.messages.startIndex
        return Set(held.messages[...end].map(\.id))
    }
}
