// Whose frame it is, and what the server says that belongs to no session.

import RelayProtocol
import Wire

extension OpenCode1 {
    public func route(_ frame: JSONValue) -> FrameRoute {
        let frame = OpenCode1Frame(frame)
        guard let type = frame.type else { return .server }
        if type.says("message.part.delta"), let session = frame.session { return .session(session) }
        if type.says("server.heartbeat") || type.says("plugin.added") || type.says("session.idle") { return .ignored }
        if type.says("server.connected") { return .connected }
        if frame.isTwin {
            guard let session = frame.session else { return .ignored }
            return .session(session)
        }
        if Self.isTerminal(type) { return .server }
        guard let session = frame.session else { return .server }
        return .session(session)
    }

    public func serverEvent(_ frame: JSONValue) -> Event? {
        let parts = OpenCode1Frame(frame)
        guard let type = parts.type, Self.isTerminal(type) else { return .upstream(OpenCode1Words.carried(frame)) }
        return .upstream(Self.typeAndIds(type, parts.properties))
    }

    /// What may hold somebody's typing, screen or secret.
    private static func isTerminal(_ type: JSONValue) -> Bool {
        guard let text = type.rawText else { return false }
        return ["pty.", "tui.", "credential.", "rpc."].contains { text.starts(with: $0.utf8) }
    }

    /// Of terminals only type and ids are kept.
    private static func typeAndIds(_ type: JSONValue, _ properties: JSONValue?) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("type", type)
            writer.key("properties")
            writer.object { writer in
                writer.member("id", properties?["id"] ?? properties?["info"]?["id"])
                writer.member("sessionID", properties?["sessionID"])
            }
        }
    }
}
