// Whose frame it is. Nothing is dropped because it is new: what belongs to no session goes to the topic `opencode` whole, but for the
// secrets and the noise that are left out by name.

import RelayProtocol
import Wire

extension OpenCode2 {
    public func route(_ frame: JSONValue) -> FrameRoute {
        let frame = OpenCode2Frame(frame)
        guard let type = frame.type?.rawText else { return .server }
        if type.elementsEqual("server.connected".utf8) { return .connected }
        if let session = frame.session { return .session(session) }
        return type.elementsEqual("server.heartbeat".utf8) ? .ignored : .server
    }

    public func serverEvent(_ frame: JSONValue) -> Event? {
        let envelope = OpenCode2Frame(frame)
        guard let type = envelope.type?.string else { return .upstream(OpenCode2Words.carried(frame)) }
        if type == "server.connected" { return nil }
        guard Self.isGuarded(type) else { return .upstream(OpenCode2Words.carried(frame)) }
        return .upstream(Self.typeAndIds(envelope))
    }

    /// Of these only type and ids are kept: they carry credentials, keystrokes, or whatever a plugin likes.
    static func isGuarded(_ type: String) -> Bool {
        ["credential.", "rpc.", "pty.", "persistent-pty.", "tui."].contains { type.hasPrefix($0) }
    }

    static func typeAndIds(_ frame: OpenCode2Frame) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", frame.id)
            writer.member("type", frame.type)
            writer.key("data")
            writer.object { writer in
                frame.data?.forEachMember { key, value in
                    guard let name = key.string, name == "id" || name.hasSuffix("ID"), value.isString else { return }
                    writer.key(named: name)
                    writer.raw(value.raw)
                }
            }
        }
    }
}
