import EventLog
import RelayProtocol
import SQLite
import Sessions
import Testing
import Wire

@Suite struct ProjectionFoldTests {
    /// Appends in batches of random sizes; some transactions fail and are said again.
    private func write(_ events: [Event], to log: TestLog, _ topic: String, seed: UInt64) async throws {
        struct Refused: Error {}
        var random = SeededRandom(seed: seed &+ 99)
        var rest = events[...]
        let name = try #require(TopicName(topic))
        while !rest.isEmpty {
            let batch = Array(rest.prefix(Int.random(in: 1...40, using: &random)))
            rest = rest.dropFirst(batch.count)
            if Int.random(in: 0..<6, using: &random) == 0 {
                let failed: Result<Void, any Error> = await Result.catching {
                    try await log.perform { context in
                        _ = try context.append(Append(topic: name, events: batch))
                        throw Refused()
                    }
                }
                guard case .failure = failed else { throw Refused() }
            }
            try await log.append(batch, to: topic)
        }
    }

    @Test(arguments: 1...24)
    func `the rows of any sequence of events are its fold`(seed: Int) async throws {
        let log = try TestLog()
        var session = RandomSession("ses_r", seed: UInt64(seed))
        let events = session.events(seed % 3 == 0 ? 3000 : 400)
        try await write(events, to: log, "ses_r", seed: UInt64(seed))
        var folded = FoldedSession()
        for event in events { folded.apply(event) }

        let held = try #require(try await log.read { try SessionReads.held("ses_r", messages: .max, in: $0) })
        #expect(text(held.folded.canonicalForm) == text(folded.canonicalForm), "seed \(seed)")
        #expect(held.isWhole)

        let opened = try await log.open("ses_r")
        if opened["before"] == nil {
            let answer = try JSON.parse(folded.answer(position: held.position), depth: Limits.lineDepth)
            #expect(text(CanonicalForm.bytes(opened)) == text(CanonicalForm.bytes(answer)), "seed \(seed)")
        }
    }

    @Test(arguments: 1...6)
    func `pages of one message give all messages, each as its fold`(seed: Int) async throws {
        let log = try TestLog()
        var session = RandomSession("ses_r", seed: UInt64(seed))
        let events = session.events(500)
        try await write(events, to: log, "ses_r", seed: UInt64(seed))
        var folded = FoldedSession()
        for event in events { folded.apply(event) }

        var before: String?
        var paged: [String] = []
        repeat {
            let cursor = before
            let body = try #require(try await log.read { try SessionReads.messages("ses_r", before: cursor, limit: 1, in: $0) })
            let page = try JSON.parse(body, depth: Limits.lineDepth)
            paged += page["messages"]?.items.map { text(CanonicalForm.bytes($0)) } ?? []
            before = page["before"]?.string
        } while before != nil
        let whole = try JSON.parse(folded.answer(position: .origin), depth: Limits.lineDepth)
        #expect(paged.reversed() == whole["messages"]?.items.map { text(CanonicalForm.bytes($0)) })
    }

    @Test(arguments: 1...6)
    func `the lobby's entries fold to the list`(seed: Int) async throws {
        let log = try TestLog()
        for number in 1...3 {
            var session = RandomSession("ses_\(number)", seed: UInt64(seed * 10 + number))
            try await write(session.events(200), to: log, "ses_\(number)", seed: UInt64(seed))
        }
        var entries: [String: String] = [:]
        for event in try await log.events(of: "lobby") {
            let entry = try JSON.parse(event.payload)["entry"]
            entries[event.id ?? ""] = entry.map { text(CanonicalForm.bytes($0)) }
        }
        let listed = try await log.list()["sessions"]?.items ?? []
        #expect(listed.map { text(CanonicalForm.bytes($0)) }.sorted() == entries.values.sorted())
        let times = listed.compactMap { $0["updated"]?.int }
        #expect(times == times.sorted(by: >))
    }
}

extension Result where Failure == any Error {
    static func catching(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
