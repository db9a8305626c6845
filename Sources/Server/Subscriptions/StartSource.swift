// What a subscribe is judged by: the log as one read transaction sees it.

import EventLog
import RelayProtocol
import Sessions

protocol StartSource {
    func topic(_ name: TopicName) throws -> TopicState?
    /// The position before the first event that is kept.
    func start(_ topic: TopicState) throws -> Position
    /// The position of the first event that is kept; the origin if there is none.
    func first(_ topic: TopicState) throws -> Position
    func resume(_ name: TopicName, after point: ResumePoint) throws -> Resume
    func page(_ name: TopicName, after offset: UInt64, maxBytes: Int, maxEvents: Int) throws -> LinePage
    /// A session's state as a control line, and the position that it has; nil without such a session.
    func snapshotLine(_ name: TopicName) throws -> (line: [UInt8], position: Position)?
}

extension LogSnapshot: StartSource {
    func snapshotLine(_ name: TopicName) throws -> (line: [UInt8], position: Position)? {
        try SessionReads.snapshotLine(name.text, in: self)
    }
}
