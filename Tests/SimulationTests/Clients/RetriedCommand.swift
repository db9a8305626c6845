// Somebody who gives a command and, until it is answered, gives it again under the same id.

import RelayProtocol

@testable import Sessions

struct RetriedCommand {
    let request: CommandRequest
    var isAsked = false
    /// When it is sent again.
    var again: Int64 = 0
    var tries = 0
    /// Its id was used for something else.
    var isConflict = false

    init(request: CommandRequest, isConflict: Bool = false) { (self.request, self.isConflict) = (request, isConflict) }
}

struct CommandReply: Sendable {
    let id: String
    let result: Result<CommandAnswer, Problem>
}
