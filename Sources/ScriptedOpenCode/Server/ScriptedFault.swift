// What can go wrong with a server, on command.

import Wire

public enum ScriptedFault: Sendable, Equatable {
    /// Every event stream is cut: no last chunk.
    case cut
    /// Every event stream ends well-formed, as when a reader has fallen too far behind.
    case end
    /// The bytes of the streams stop, the connections stay open.
    case stall
    /// They flow again, with what was held.
    case flow
    /// Half a frame, then a cut.
    case tear
    /// The next requests whose path begins so get this status and nothing else.
    case refuse(path: String, status: Int, times: Int)
    /// The next requests whose path begins so are answered so much later.
    case slow(path: String, milliseconds: Int64, times: Int)
    /// The next requests whose path begins so are carried out, and their connections cut instead of an answer.
    case lose(path: String, times: Int)
    /// Events of types that nobody has heard of, of this session or of none.
    case storm(count: Int, session: String?)
    /// One event of so many bytes.
    case oversize(bytes: Int, session: String?)
    /// The server dies and is there again, under the same port, after so long.
    case restart(ScriptedDeath, milliseconds: Int64)

    /// From the body of `POST /scripted/fault`: `{"fault": NAME, …}` with the names and labels above; nil for what is none, and for less
    /// than nothing of anything.
    public init?(_ body: JSONValue) {
        let path = body["path"]?.string ?? "/"
        let times = body["times"]?.int ?? 1
        let session = body["session"]?.string
        let milliseconds = Int64(body["milliseconds"]?.int ?? 0)
        let amounts = ["times", "milliseconds", "count", "bytes"].compactMap { body.member(named: $0)?.int }
        guard amounts.allSatisfy({ $0 >= 0 }) else { return nil }
        switch body["fault"]?.string {
        case "cut": self = .cut
        case "end": self = .end
        case "stall": self = .stall
        case "flow": self = .flow
        case "tear": self = .tear
        case "refuse": self = .refuse(path: path, status: body["status"]?.int ?? 500, times: times)
        case "slow": self = .slow(path: path, milliseconds: milliseconds, times: times)
        case "lose": self = .lose(path: path, times: times)
        case "storm": self = .storm(count: body["count"]?.int ?? 1000, session: session)
        case "oversize": self = .oversize(bytes: body["bytes"]?.int ?? 17 << 20, session: session)
        case "restart":
            guard let death = ScriptedDeath(rawValue: body["death"]?.string ?? "kill") else { return nil }
            self = .restart(death, milliseconds: milliseconds)
        default: return nil
        }
    }
}
