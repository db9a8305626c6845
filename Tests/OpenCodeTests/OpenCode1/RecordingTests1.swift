// Every recording through the translator: what its events fold to is what REST says at the end.

import Foundation
import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct RecordingTests1 {
    @Test func `there are recordings`() { #expect(Recording1.names.count > 40) }

    @Test(arguments: Recording1.names) func `folds to what REST says`(_ name: String) throws {
        var replay = Replay1()
        replay.play(try Recording1(name).lines)
        for (id, session) in replay.sessions {
            guard let directory = session.translator.directory, let read = replay.read(id, directory: directory), !read.isGone else {
                continue
            }
            // A message that was removed takes its sums with it, and no event says so: the row is read.
            let isRowOwed = session.wishes.contains(.read)
            #expect(
                RESTComparison1.differences(session.folded, read).filter { !isRowOwed || !$0.hasPrefix("row.tokens") } == [],
                "\(name) \(id)")
        }
    }

    @Test(arguments: Recording1.names) func `wants a read only where something was missed`(_ name: String) throws {
        var replay = Replay1()
        replay.play(try Recording1(name).lines)
        let wanting = replay.sessions.values.filter { $0.wishes.contains(.read) }
        #expect(wanting.isEmpty || name == "remove_message" || name == "revert", "\(name): \(wanting.flatMap(\.wishes))")
    }

    @Test(arguments: Recording1.names) func `a read at the end says nothing new`(_ name: String) throws {
        var replay = Replay1()
        replay.play(try Recording1(name).lines)
        for (id, session) in replay.sessions where !session.translator.isBusy {
            guard let directory = session.translator.directory, let read = replay.read(id, directory: directory), !read.isGone else {
                continue
            }
            let before = replay.sessions[id]?.events.count ?? 0
            replay.settle(read)
            let news = (replay.sessions[id]?.events ?? []).dropFirst(before).map { String(decoding: $0.payload, as: UTF8.self) }
            #expect(news == [], "\(name) \(id)")
        }
    }

    @Test(arguments: Recording1.names) func `says nothing twice`(_ name: String) throws {
        var replay = Replay1()
        replay.play(try Recording1(name).lines)
        for (id, session) in replay.sessions {
            var last: [String: [UInt8]] = [:]
            for event in session.events where event.kind != .delta && event.kind != .upstream {
                let key = "\(event.kind.rawValue) \(event.id ?? "")"
                #expect(last[key] != event.payload, "\(name) \(id): \(String(decoding: event.payload, as: UTF8.self))")
                last[key] = event.payload
                if event.kind == .sessionRemoved { last = [:] }
            }
        }
    }

    @Test(arguments: Recording1.names) func `every event reads back as what it is`(_ name: String) throws {
        var replay = Replay1()
        replay.play(try Recording1(name).lines)
        for (_, event) in replay.said {
            let payload = try JSON.parse(event.payload)
            #expect(payload["type"]?.string == event.kind.rawValue)
            #expect(!event.payload.contains(0x0A))
        }
    }

    @Test(arguments: Recording1.names) func `a turn ends cards, turn, status`(_ name: String) throws {
        var replay = Replay1()
        replay.play(try Recording1(name).lines)
        for (id, session) in replay.sessions {
            var isOpen = false
            var number = 0
            for event in session.events where event.kind == .turn {
                let turn = try #require(try JSON.parse(event.payload)["turn"]?.int)
                let isStarted = try JSON.parse(event.payload)["state"]?.string == "started"
                if isStarted, !isOpen {
                    number += 1
                    isOpen = true
                } else if !isStarted {
                    #expect(isOpen, "\(name) \(id)")
                    isOpen = false
                }
                #expect(turn == number, "\(name) \(id)")
            }
            #expect(session.translator.isBusy == (isOpen || !session.folded.permissions.isEmpty || !session.folded.questions.isEmpty))
        }
    }
}
