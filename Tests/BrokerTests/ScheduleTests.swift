import RelayProtocol
import Testing

@testable import Broker

/// Every reader gets every event after its position once and in order, in whatever order threads and sockets do their part.
struct ScheduleTests {
    static let plain = TopicName("builds") ?? .lobby
    static let session = TopicName("ses_1") ?? .lobby

    private func run(seeds: Range<UInt64>, topic: TopicName, _ options: ScheduleOptions) {
        for seed in seeds {
            let schedule = Schedule(seed: seed, topic: topic, options: options)
            schedule.run()
            for (number, reader) in schedule.readers.enumerated() {
                let name: Comment = "seed \(seed), reader \(number)"
                #expect(reader.trace.faults == [], name)
                #expect(reader.outlet.fault == nil, name)
                if reader.outlet.failure != nil {
                    // Only where the rest of a frame was removed may a reader be cut off.
                    #expect(reader.outlet.isInsideFrame && options.removes, name)
                } else if reader.isFinishing {
                    #expect(reader.outlet.hasFinished, name)
                } else {
                    #expect(reader.trace.expected == schedule.log.head, name)
                    #expect(reader.outlet.controlFrames == reader.expectedPongs, name)
                }
            }
        }
    }

    @Test func `a topic that only grows`() {
        run(seeds: 0..<40, topic: Self.plain, ScheduleOptions())
    }

    @Test func `a session's topic`() {
        run(seeds: 1000..<1030, topic: Self.session, ScheduleOptions(isSession: true))
    }

    @Test func `a topic whose oldest events are removed`() {
        run(seeds: 2000..<2040, topic: Self.plain, ScheduleOptions(isTrimmed: true))
    }

    @Test func `a topic that is removed and made again`() {
        run(seeds: 3000..<3060, topic: Self.plain, ScheduleOptions(isRemade: true))
    }
}
