// The turn, as runs of 2.x make it: the open one or the last, and what decides how it goes on.

import RelayProtocol

struct OpenCode2Run: Sendable {
    var turn: Turn?
    /// An execution started after an interrupted turn: what comes next decides whether that one goes on.
    var isUndecided = false
    /// A permission was rejected or a form cancelled in this run, and no step has begun since: this is how 2.x begins to end a declined turn.
    var isDeclined = false
    /// The last turn was closed by a read: its end may still be told.
    var isClosedByRead = false
    /// What that read contains (`seq`): frames up to there tell of runs that are over.
    var closedThrough: Int?
    /// What the read contains that found the open turn running: a start up to there is its own.
    var resumedThrough: Int?
    /// Its session was deleted: what is made under the same id begins anew.
    var isForgotten = false
    /// It ended with `shutdown`: one read tells whether it goes on.
    var awaitsActive = false

    var isOpen: Bool { turn?.isOpen == true }
    /// Its end may still be told.
    var mayEnd: Bool { isOpen || isClosedByRead }
    /// OpenCode may go on with it by itself.
    var mayGoOn: Bool { turn?.state == .interrupted && !isForgotten }
}
