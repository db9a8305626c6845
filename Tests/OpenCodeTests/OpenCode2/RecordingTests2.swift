// Every recording through the translator: what its events fold to is what REST says at the end.

import Foundation
import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct RecordingTests2 {
    /// OpenCode dies in these: they are played in two halves (`DeathTests2`).
    static let deaths = Recording2.names.filter { $0.hasPrefix("kill_") || $0.hasPrefix("term_") || $0.hasPrefix("service_") }
    static let names = Recording2.names.filter { !deaths.contains($0) }

    static func replayed(_ name: String) throws -> Replay2 {
        var replay = Replay2()
        replay.play(try Recording2(name).lines)
        return replay
    }

    @Test func `there are recordings`() { #expect(Recording2.names.count > 85) }

    @Test(arguments: names) func `folds to what REST says`(_ name: String) throws {
        var replay = try Self.replayed(name)
        for (id, session) in replay.sessions where session.isReadLast {
            guard let read = replay.read(id), !read.isGone else { continue }
            // A fork is a copy that no event tells: it wants a read.
            if session.folded.session == nil, session.wishes.contains(.read) { replay.heal(read) }
            #expect(RESTComparison2.differences(try #require(replay.sessions[id]).folded, read) == [], "\(name) \(id)")
        }
    }

    @Test func `most recordings end with a reading of all`() throws {
        let read = try Self.names.filter { name in
            let replay = try Self.replayed(name)
            return replay.sessions.contains { $0.value.isReadLast && replay.read($0.key) != nil }
        }
        #expect(read.count > 60)
    }

    @Test(arguments: names) func `a read at the end says nothing new`(_ name: String) throws {
        var replay = try Self.replayed(name)
        for (id, session) in replay.sessions where !session.translator.isBusy && session.isReadLast {
            guard let read = replay.read(id), !read.isGone, session.folded.session != nil else { continue }
            let before = replay.sessions[id]?.events.count ?? 0
            replay.restart(id)
            replay.heal(read)
            let news = (replay.sessions[id]?.events ?? []).dropFirst(before).map { String(decoding: $0.payload, as: UTF8.self) }
            #expect(news == [], "\(name) \(id)")
        }
    }

    @Test(arguments: Recording2.names) func `says nothing twice`(_ name: String) throws {
        for (id, session) in try Self.replayed(name).sessions {
            var last: [String: [UInt8]] = [:]
            for event in session.events where event.kind != .delta && event.kind != .upstream {
                let key = "\(event.kind.rawValue) \(event.id ?? "")"
                #expect(last[key] != event.payload, "\(name) \(id): \(String(decoding: event.payload, as: UTF8.self))")
                last[key] = event.payload
                if event.kind == .sessionRemoved { last = [:] }
                if event.kind == .part, let id = event.id { last["part.removed \(id)"] = nil }
            }
        }
    }

    @Test(arguments: Recording2.names) func `every event reads back as what it is`(_ name: String) throws {
        let replay = try Self.replayed(name)
        for event in replay.said.map(\.event) + replay.serverEvents {
            let payload = try JSON.parse(event.payload)
            #expect(payload["type"]?.string == event.kind.rawValue)
            #expect(!event.payload.contains(0x0A) && !event.payload.contains(0x0D))
        }
    }

    @Test(arguments: names) func `a turn opens once, ends once, and ends cards, turn, status`(_ name: String) throws {
        for (id, session) in try Self.replayed(name).sessions {
            var number = 0
            var isOpen = false
            for (place, event) in session.events.enumerated() where event.kind == .turn {
                let turn = try #require(Turn(payload: try JSON.parse(event.payload)))
                if turn.isOpen, !isOpen { number += 1 }
                if !turn.isOpen {
                    #expect(isOpen, "\(name) \(id)")
                    #expect(session.events[place + 1].kind == .status, "\(name) \(id)")
                }
                isOpen = turn.isOpen
                #expect(turn.number == number, "\(name) \(id)")
            }
            let asks = !session.folded.permissions.isEmpty || !session.folded.questions.isEmpty
            #expect(session.translator.isBusy == (isOpen || asks), "\(name) \(id)")
        }
    }

    /// 2.x makes holes by itself (a title, a compaction), so a jump is no loss, only a reason to look.
    @Test(arguments: names) func `wants a read only for holes, forks and refusals`(_ name: String) throws {
        let allowed = [
            "lifecycle", "same_session_id", "tools_reject", "parallel_reject", "question_cancel", "reject_after", "permission_twice",
        ]
        for (id, session) in try Self.replayed(name).sessions where !allowed.contains(name) {
            #expect(session.wishes.count <= session.events.filter { $0.kind == .turn }.count + 1, "\(name) \(id)")
        }
    }

    @Test(arguments: Recording2.names) func `a record brings back what was known`(_ name: String) throws {
        let lines = try Recording2(name).lines
        var whole = Replay2()
        whole.play(lines)
        var broken = Replay2()
        for (place, line) in lines.enumerated() {
            broken.play(line)
            if place % 7 == 3 { broken.restart() }
        }
        for (id, session) in whole.sessions {
            let (mine, theirs) = (broken.sessions[id]?.folded.canonicalForm ?? [], session.folded.canonicalForm)
            let same = zip(mine, theirs).prefix { $0 == $1 }.count
            let around = (max(0, same - 100), same + 100)
            #expect(
                mine.count == theirs.count && same == mine.count,
                "\(name) \(id): \(String(decoding: mine.dropFirst(around.0).prefix(200), as: UTF8.self)) \n but \(String(decoding: theirs.dropFirst(around.0).prefix(200), as: UTF8.self))"
            )
        }
    }
}
