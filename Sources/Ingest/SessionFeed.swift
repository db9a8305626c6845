// What ingest keeps of a session between two inputs, and the small values around it.

import OpenCode
import RelayProtocol
import Wire

/// One session that is followed.
struct SessionFeed: Sendable {
    enum Phase: Sendable {
        /// Nothing was asked of the log yet.
        case new
        /// Record and fold are on their way; frames wait.
        case loading
        case live
        /// Being read: nil while the answers are out, then what they said, while the log's fold is loaded. Frames wait.
        case reading(SessionRead?)
    }

    var phase = Phase.new
    var translator: (any SessionTranslator)?
    var waiting: [JSONValue] = []
    var isImported = false
    var isRecordDue = false
    var isReadWanted = false
    var readAt: Int64?
    var translatorWakeAt: Int64?
    /// When something of it was told last.
    var lastEventAt: Int64 = 0
    /// After an accepted prompt: when something must have been heard.
    var expectedBy: Int64?
    /// What was said of it before it was read: committed before the log is compared with the read.
    var saidBefore: Int?
    /// The newest message that the log knows whole: a read may end there.
    var lastWhole: String?

    var isBusy: Bool { translator?.isBusy == true }
    /// A translator is woken only while it follows: a wake that is due sooner would be asked for again and again.
    var wakeAt: Int64? { [readAt, phase == .live ? translatorWakeAt : nil, expectedBy].compactMap { $0 }.min() }
    var isAwaitingRead: Bool {
        if case .reading = phase { return true }
        return isReadWanted
    }
}

extension SessionFeed.Phase: Equatable {
    static func == (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.new, .new), (.loading, .loading), (.live, .live), (.reading, .reading): true
        default: false
        }
    }
}

/// A session as the log knew it when Reprise started, and what ingest learned of it since.
public struct KnownSession: Sendable {
    public var id: String
    public var directory: String?
    /// It ran or asked something.
    public var isBusy = false
    /// Its newest messages are in the log.
    public var isImported = false
    /// The row's `updated`, ms since 1970.
    public var updated: Int?

    public init(id: String, directory: String? = nil, isBusy: Bool = false, isImported: Bool = false, updated: Int? = nil) {
        self.id = id
        self.directory = directory
        self.isBusy = isBusy
        self.isImported = isImported
        self.updated = updated
    }
}

/// Record and fold of a session, read from the log in one transaction.
public struct LoadedSession: Sendable {
    public var session: String
    public var record: [UInt8]?
    /// The newest messages only.
    public var held: FoldedSession
    /// `held` reaches back to the first message.
    public var isWhole: Bool

    public init(session: String, record: [UInt8]?, held: FoldedSession, isWhole: Bool) {
        self.session = session
        self.record = record
        self.held = held
        self.isWhole = isWhole
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
}

/// What is stored with a topic: the adapter's record, and what ingest itself must know.
public struct IngestRecord {
    var isImported: Bool
    var adapter: [UInt8]

    init(isImported: Bool, adapter: [UInt8]) {
        self.isImported = isImported
        self.adapter = adapter
    }

    init(_ bytes: [UInt8]) {
        isImported = bytes.first == UInt8(ascii: "+")
        adapter = Array(bytes.dropFirst())
    }

    /// Whether a stored record says that the session's newest messages are in the log.
    public static func saysImported(_ bytes: [UInt8]?) -> Bool { bytes.map { IngestRecord($0).isImported } ?? false }

    var bytes: [UInt8] { [UInt8(ascii: isImported ? "+" : "-")] + adapter }
}

/// A time in which upstream was not heard.
struct Outage: Sendable {
    /// ms since 1970.
    let from: Int64
    /// Set at the reconnect.
    var to: Int64?
    /// Those that were busy or asked something at `from`.
    let sessions: Set<String>
    /// Others whose read differed.
    var told: Set<String> = []
    /// Those that were read since.
    var healed: Set<String> = []

    var unhealed: Set<String> { sessions.union(told).subtracting(healed) }

    init(from: Int64, sessions: Set<String>) {
        self.from = from
        self.sessions = sessions
    }

    func event(isHealed: Bool, lost: [String]) -> Event { .outage(from: from, to: to ?? from, lost: lost, healed: isHealed) }
}
