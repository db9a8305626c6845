import TestSupport
import Testing

/// The log in memory is no fiction, nor are the commands in it: it answers one history of calls as the log over SQLite does, and tells its
/// watchers the same.
@Suite(.ownThread) struct DifferentialTests {
    private func run(_ log: inout some LogUnderTest, seed: UInt64, steps: Int) throws -> [String] {
        var history = LogHistory(seed: seed)
        let sinks = [NoticeTray(), NoticeTray()]
        for step in 0..<steps {
            log.told.say("step \(step)")
            switch history.next() {
            case .calls(let calls): try log.call(calls, sinks)
            case .look(let look): try log.look(look)
            case .room(let sink, let room): log.give(room, to: sinks[sink])
            case .pass(let milliseconds): log.pass(milliseconds)
            case .reopen: try log.reopen()
            }
            try log.settle()
            for (number, sink) in sinks.enumerated() {
                log.told.say("sink \(number)")
                for notice in sink.notices.takeAll() { log.told.say(notice) }
            }
        }
        return log.told.words
    }

    @Test(arguments: 0..<UInt64(12 * SeedSweep.scale))
    func `one history of calls gets the same answers of both`(seed: UInt64) throws {
        var memory = MemoryUnderTest()
        var stored = try SQLiteUnderTest()
        defer { stored.remove() }
        let expected = try run(&stored, seed: seed, steps: 80)
        let found = try run(&memory, seed: seed, steps: 80)
        for (place, pair) in zip(expected, found).enumerated() where pair.0 != pair.1 {
            Issue.record("seed \(seed): the log says \(pair.0), its model \(pair.1), after \(expected[max(0, place - 6)..<place])")
            return
        }
        #expect(expected.count == found.count)
    }
}
