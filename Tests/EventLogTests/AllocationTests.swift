// The budget of an append on the writer's thread, SQLite included: so much for a commit, and so much for each event of it.

import AllocationCount
import EventLog
import RelayProtocol
import Synchronization
import TestSupport
import Testing

@Suite(.ownThread, .enabled(if: allocations_are_counted())) struct AllocationTests {
    /// What the writer's thread allocates for one append, in the middle of many.
    private func allocations(events: Int) throws -> Int {
        let test = try TestLog()
        let append = try Append("news", (0..<events).map { #"{"n":\#($0)}"# })
        var counts: [Int] = []
        for _ in 0..<41 {
            let answer = Answer<Int>()
            test.log.append([append]) { _ in answer.give(allocations_of_this_thread()) }
            counts.append(try answer.take())
        }
        return zip(counts, counts.dropFirst()).map { $1 - $0 }.sorted()[20]
    }

    @Test func `appends within its budget`() throws {
        let (one, many) = (try allocations(events: 1), try allocations(events: 101))
        #expect(one > 0)
        #expect(one <= 60, "\(one)")
        #expect(many - one <= 1500, "\(many - one) for a hundred events more")
    }
}
