// What reads of OpenCode's REST API say, in the words of a session's log.

import RelayProtocol

/// A session as a read gave it. What was not read is nil: nothing follows from its absence.
public struct SessionRead: Sendable {
    public var session: String
    /// Upstream said of this id that there is no such session (2.x: by `_tag`).
    public var isGone = false
    public var directory: String?
    /// The row: a session object.
    public var row: [UInt8]?
    public var status: SessionStatus?
    /// Oldest first, in the order in which upstream lists them.
    public var messages: [MessageRead] = []
    /// The messages reach back to the session's first.
    public var isComplete = false
    /// What stands before the messages is larger than an answer may be, a single message alone: it cannot be read.
    public var isBeyondBounds = false
    /// What else of it is larger than an answer may be, in words for a person: as if it had not been asked for.
    public var tooLarge: [String] = []
    /// Where `readOlder` goes on; nil where nothing older can be read.
    public var older: String?
    public var permissions: [CardRead]?
    public var questions: [CardRead]?
    /// A JSON array.
    public var tasks: [UInt8]?
    /// A JSON array: what others put into the inbox.
    public var queue: [UInt8]?
    /// All that waits in the inbox, prompts of ours too, as the adapter writes it for its own translator.
    public var inbox: [UInt8]?
    /// Lower bound of what the read contains, in the generation's own count.
    public var sequence: Int?

    public init(session: String) { self.session = session }
}

public struct MessageRead: Sendable {
    public var id: String
    /// ms since 1970.
    public var created: Int
    /// The message object, without `parts`.
    public var object: [UInt8]
    public var parts: [PartRead]

    public init(id: String, created: Int, object: [UInt8], parts: [PartRead]) {
        self.id = id
        self.created = created
        self.object = object
        self.parts = parts
    }
}

public struct PartRead: Sendable {
    public var id: String
    /// The part object.
    public var object: [UInt8]

    public init(id: String, object: [UInt8]) {
        self.id = id
        self.object = object
    }

    /// What a tool that runs has printed (insides of JSON strings), of what was heard and what is read: the longer where one begins with the
    /// other; else the read, a preview that has slid. Whoever says a part and whoever goes on from it must agree on it.
    public static func output(heard: [UInt8], read: ArraySlice<UInt8>) -> [UInt8] {
        heard.starts(with: read) ? heard : Array(read)
    }
}

/// A permission or a question that upstream lists.
public struct CardRead: Sendable {
    public var id: String
    public var object: [UInt8]

    public init(id: String, object: [UInt8]) {
        self.id = id
        self.object = object
    }
}

/// The sessions that upstream lists: each with its row, its status, nothing else.
public struct SessionListRead: Sendable {
    public var sessions: [SessionRead]
    /// Ids of the sessions that run now.
    public var active: Set<String>
    /// What of it is larger than an answer may be, in words for a person: it is missing here.
    public var tooLarge: [String] = []

    public init(sessions: [SessionRead], active: Set<String>) {
        self.sessions = sessions
        self.active = active
    }
}
