// Several readers of one stream: those that read get the same, byte for byte, and one that does not is ended, as the recordings two_clients
// and slow_reader show.

import ScriptedOpenCode
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct ScriptedStreamTests {
    private static let round = 500
    private static let rounds = 24

    /// Frames that are read as they come.
    private static func say(_ server: ScriptedServer, to reader: PlainStream) throws -> Int {
        var heard = 0
        for _ in 0..<rounds {
            for _ in 0..<round { server.commit(.oversize(bytes: 500, session: nil)) }
            for _ in 0..<round {
                guard try reader.next() != nil else { return heard }
                heard += 1
            }
        }
        return heard
    }

    /// A reader that wakes up when another one has heard all.
    private static func sleeper(_ server: ScriptedServer, _ route: String) throws -> PlainStream {
        let reader = try PlainStream.open(server.port, route)
        let sleeper = try PlainStream.open(server.port, route, pauses: true)
        _ = try reader.next()
        #expect(try say(server, to: reader) == round * rounds)
        sleeper.resume()
        return sleeper
    }

    @Test func `gives every reader the same frames`() throws {
        let server = try ScriptedServer.start()
        defer { server.stop() }
        let readers = try (0..<2).map { _ in try PlainStream.open(server.port, "/api/event") }
        let created = try JSON.parse(try PlainExchange.ask(server.port, "POST", "/api/session").body)
        let session = try #require(created["data"]?["id"]?.string)
        _ = try PlainExchange.ask(server.port, "POST", "/api/session/\(session)/prompt", body: #"{"text":"markdown please"}"#)
        let frames = try readers.map { reader in
            try reader.frames(until: "session.execution.succeeded").dropFirst().map { String(decoding: $0.raw, as: UTF8.self) }
        }
        #expect(frames[0] == frames[1] && frames[0].count > 10)
    }

    @Test func `ends a stream of 2.x that nobody reads when 4,096 frames wait, and no other`() throws {
        let server = try ScriptedServer.start()
        defer { server.stop() }
        let sleeper = try Self.sleeper(server, "/api/event")
        var heard = -1  // The first says that it is connected.
        while try sleeper.next() != nil { heard += 1 }
        #expect(sleeper.isWhole)
        #expect(heard > 4096 && heard < Self.round * Self.rounds)
    }

    @Test func `keeps a stream of 1.18 that nobody reads`() throws {
        let server = try ScriptedServer.start(options: ScriptedOptions(.first))
        defer { server.stop() }
        let sleeper = try Self.sleeper(server, "/global/event")
        for _ in 0...Self.round * Self.rounds { #expect(try sleeper.next() != nil) }
    }
}
