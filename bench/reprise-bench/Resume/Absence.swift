// A moment at which Reprise and OpenCode lost sight of each other, because one of them was killed or ended.

struct Absence: Sendable {
    enum Cause: String, Sendable, Codable { case killOfReprise, killOfOpenCode, drain }

    let cause: Cause
    /// ms since 1970, when whoever was ended was gone.
    let time: Int64
    /// OpenCode was Reprise's own child or the service.
    let isOwn: Bool

    /// ms since 1970, when Reprise had said that it hears OpenCode again.
    var returned: Int64?
    /// OpenCode has died in it: another process of it serves since. A drain of Reprise ends a child of its own.
    var isDeath = false

    /// The latest ms at which the outage may begin: what a killed OpenCode had sent is still heard from the socket after its end.
    var latestStart: Int64 { cause == .killOfOpenCode ? returned ?? .max : time }
}
