// A real OpenCode, the program in front of it, and a reader of its stream beside it: what several cases share. Any thread may use it.

import Foundation
import Reactor
import Synchronization
import TestSupport
import Wire

final class EqualityFixture: Sendable {
    let opencode: RealOpenCode
    let api: RelayAPI
    let stream: OpenCodeStreamReader
    /// Cases in which OpenCode dies together.
    let deaths: Barrier
    // reads: lock; writes: lock
    private let deathCount = Mutex(0)

    init(_ opencode: RealOpenCode, _ api: RelayAPI, dying: Int = 0) throws {
        (self.opencode, self.api) = (opencode, api)
        stream = try OpenCodeStreamReader(opencode)
        deaths = Barrier(of: dying)
    }

    var generation: OpenCodeGeneration { opencode.generation }

    /// Ends OpenCode when all who die with it are there, and has it and the program together again.
    func die(_ signal: Int32) throws {
        try deaths.meet { [self] in
            opencode.kill(signal)
            try opencode.restart()
            try stream.listen()
            let deaths = deathCount.withLock { count in
                count += 1
                return count
            }
            try waitUntilHealed(deaths)
        }
    }

    /// Until the program has told that so many outages are over.
    private func waitUntilHealed(_ outages: Int) throws {
        var said: [Substring] = []
        for _ in 0..<60 {
            let page = try api.ask(
                "GET", "/v1/topics/opencode/events?after=earliest&limit=10000", headers: [("accept", "application/x-ndjson")])
            let lines = page.text.split(separator: "\n")
            said = lines.filter { $0.contains(#""type":"outage""#) }
            if lines.count(where: { $0.contains(#""event":{"type":"outage""#) && $0.contains(#""healed":true"#) }) >= outages { return }
            guard let position = try lines.last.map({ try JSON.parse(Array($0.utf8)) })?["position"]?.string else { continue }
            try api.waitForNews(of: "opencode", after: position)
        }
        throw Barrier.Failed(why: "the program told no heal of outage \(outages): \(said)")
    }
}
