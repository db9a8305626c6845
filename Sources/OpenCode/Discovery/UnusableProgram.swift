// An `opencode` in PATH that was asked for its version and is of no use. While OpenCode is looked for again and again it is not run again: the
// file has to change first, or some minutes pass (a script can say something else tomorrow).

import Reactor

struct UnusableProgram {
    static let holds = Duration.seconds(300)

    let stamp: ProgramStamp
    let why: String
    let since: Instant

    func isStill(_ program: String, at now: Instant) -> Bool { now - since < Self.holds && stamp == ProgramStamp(program) }
}
