// What the log knew when ingest asked it: every session in a few words, and what ingest itself had stored.

/// A session as the log knows it, and what ingest learned of it since.
public struct KnownSession: Sendable {
    public var id: String
    public var directory: String?
    /// It ran or asked something.
    public var isBusy = false
    /// Its newest messages are in the log.
    public var isImported = false
    /// What came of it live is in the log: it may have missed some since.
    public var isFollowed = false
    /// A read of it was wanted and is not in the log.
    public var isReadOwed = false
    /// The row's `updated`, ms since 1970.
    public var updated: Int?

    public init(
        id: String, directory: String? = nil, isBusy: Bool = false, isImported: Bool = false, isFollowed: Bool = false,
        isReadOwed: Bool = false, updated: Int? = nil
    ) {
        self.id = id
        self.directory = directory
        self.isBusy = isBusy
        self.isImported = isImported
        self.isFollowed = isFollowed || isImported
        self.isReadOwed = isReadOwed
        self.updated = updated
    }

    /// What the log has of it: its record, and `said`, the `updated` of its row. Upstream last gave that with a read or with the row; it is never
    /// Reprise's own clock.
    public init(id: String, directory: String? = nil, isBusy: Bool, record: [UInt8]?, said: Int?) {
        let noted = record.map { IngestRecord($0) }
        self.init(
            id: id, directory: directory, isBusy: isBusy, isImported: noted?.isImported ?? false, isFollowed: noted != nil,
            isReadOwed: noted?.notes.isReadOwed ?? false, updated: [noted?.notes.updated, said].compactMap { $0 }.max())
    }
}

/// The log at the start.
public struct KnownLog: Sendable {
    public var sessions: [KnownSession]
    /// The time of the newest event that upstream can have told (ms since 1970); nil in a new log.
    public var newest: Int64?
    /// The record of the topic `opencode`: ingest's own.
    public var record: [UInt8]?

    public init(sessions: [KnownSession], newest: Int64? = nil, record: [UInt8]? = nil) {
        self.sessions = sessions
        self.newest = newest
        self.record = record
    }
}
