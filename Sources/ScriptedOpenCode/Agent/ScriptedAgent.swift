// A scripted OpenCode of either generation: answers the calls of its API that a relay makes and plays turns on its event stream, in the
// order and the shapes of a real server. A pure machine: requests and the time go in, replies and frames come out; `ScriptedServer` gives it
// a socket.
//
// The rule that keeps it right: nothing happens but at a planned time or in answer to a request, so that the same seed, calls and times
// give the same bytes. It runs no tools, asks no model and keeps nothing beyond its own life.

public protocol ScriptedAgent: Sendable {
    var options: ScriptedOptions { get }
    /// The scripts of prompts.
    var choose: @Sendable (_ prompt: String) -> Script { get set }

    /// Answers one request. What it causes is in `takeFrames`, some of it when its time has come.
    /// - Parameters:
    ///   - target: path and query, as on the request line.
    ///   - now: ms since 1970.
    mutating func respond(method: String, target: String, body: [UInt8], now: Int64) -> ScriptedReply
    /// Whether a request with this `Authorization` may pass.
    func admits(target: String, authorization: String?) -> Bool

    /// When `advance` should be called next (ms since 1970); nil when nothing is planned. Floods do not count.
    var nextTime: Int64? { get }
    /// Whether there is more to say as soon as there is room.
    var isFlooding: Bool { get }
    /// Plays all that is due.
    /// - Parameter room: how many frames a flood may make.
    mutating func advance(now: Int64, room: Int)
    /// The frames of the event stream since the last call, one behind the other; each ends in an empty line.
    mutating func takeFrames() -> [UInt8]

    /// What a silent stream is told, and how often.
    mutating func heartbeat(at now: Int64) -> [UInt8]
    var heartbeatInterval: Duration { get }
    /// How many frames may wait for a reader, beyond what the sockets hold; one more ends its stream. Nil: any number.
    var waitingFrames: Int? { get }

    /// The server ends and is started anew under another pid. What it had said before it ended is not in `takeFrames` any more.
    mutating func die(_ death: ScriptedDeath, newPID: Int, now: Int64)
    /// An event that nobody has heard of yet, of this session or of none.
    mutating func sayUnknown(_ type: String, of session: String?, bytes: Int, now: Int64)
}
