// The answers of the read routes, each made inside one read transaction, so that its `position` is exactly what it contains.

import EventLog
import RelayProtocol
import Wire

/// Reads over the projection and the log. All functions return JSON bytes, or nil for a session that the log does not know.
public enum SessionReads {
    /// The body of `GET /v1/sessions/{id}`: the newest page and the position to subscribe from. `isImported`: false says that older facts
    /// are on their way, as events.
    public static func open(_ id: String, isImported: Bool = true, in snapshot: LogSnapshot) throws -> [UInt8]? {
        try SessionReader(id, in: snapshot).map { try state($0, isImported: isImported) }
    }

    /// The control line `snapshot` that a subscriber is given: the same state as `open`, ending in LF.
    public static func snapshotLine(_ id: String, in snapshot: LogSnapshot) throws -> (line: [UInt8], position: Position)? {
        guard let reader = try SessionReader(id, in: snapshot) else { return nil }
        return (ControlLine.snapshot(at: reader.position, state: try state(reader, isImported: true)), reader.position)
    }

    private static func state(_ reader: SessionReader, isImported: Bool) throws -> [UInt8] {
        LargeAnswer.state(try whole(reader, isImported: isImported))
    }

    /// The same with everything in its place.
    static func whole(_ reader: SessionReader, isImported: Bool = true) throws -> [UInt8] {
        var folded = try reader.state()
        let before = try reader.addPage(before: nil, limit: Limits.pageMessages, to: &folded)
        return folded.answer(position: reader.position, before: before, isImported: isImported)
    }

    /// The body of `GET /v1/sessions/{id}/messages`: messages before a cursor, and the turns that they belong to.
    public static func messages(_ id: String, before: String?, limit: Int = Limits.pageMessages, in snapshot: LogSnapshot) throws
        -> [UInt8]?
    {
        guard let reader = try SessionReader(id, in: snapshot) else { return nil }
        var folded = FoldedSession()
        let older = try reader.addPage(
            before: MessageCursor.given(before, as: "before"), limit: min(max(limit, 1), Limits.mostPageMessages), to: &folded)
        return LargeAnswer.page(folded.messagesAnswer(position: reader.position, before: older))
    }

    /// The fold of a session with its newest messages, or the newest that stand before a place; their turns and the newest.
    public static func held(_ id: String, messages: Int, before: (created: Int, id: String)? = nil, in snapshot: LogSnapshot) throws
        -> HeldSession?
    {
        guard let reader = try SessionReader(id, in: snapshot) else { return nil }
        let page = try reader.page(before: before.map { MessageCursor(created: $0.created, id: $0.id) }, limit: messages)
        var folded = try reader.state()
        folded.messages = page.messages
        folded.turns = try reader.turns(of: page.before == nil && before == nil ? nil : page.messages)
        return HeldSession(folded: folded, isWhole: page.before == nil, position: reader.position)
    }
}

extension SessionReads {
    /// The digest of the whole session at its position: `{"position","digest"}`.
    public static func digest(_ id: String, in snapshot: LogSnapshot) throws -> [UInt8]? {
        guard let held = try held(id, messages: .max, in: snapshot) else { return nil }
        return JSONWriter.object { writer in
            writer.member("position", held.position.description)
            writer.member("digest", held.folded.digest)
        }
    }
}

/// A session as the log has it.
public struct HeldSession: Sendable {
    public var folded: FoldedSession
    /// It reaches back to the first message.
    public var isWhole: Bool
    public var position: Position
}
