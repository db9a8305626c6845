// What comes of a command that was not known before.

import RelayProtocol

enum Judgement: Sendable, Equatable {
    case accept(StoredCommand)
    /// Nothing has to be done: this is the result.
    case done([UInt8])
    case refuse(Problem)
}
