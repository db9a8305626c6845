import Reactor
import TestSupport
import Testing

@Suite(.ownThread) struct TimeTests {
    @Test func `waits anything between nothing and a bound that doubles up to the cap`() {
        var generator = SeededGenerator(seed: 1)
        let rows = (0..<300).map { _ in
            var backoff = Backoff(base: .milliseconds(100), cap: .seconds(1))
            return (0..<6).map { _ in backoff.next(using: &generator) }
        }
        for (step, bound) in [100, 200, 400, 800, 1_000, 1_000].enumerated() {
            let waits = rows.map { $0[step] }.sorted()
            #expect(waits[299] <= .milliseconds(bound))
            #expect(waits[299] > .milliseconds(bound * 9 / 10))
            #expect(waits[0] < .milliseconds(bound / 10))
        }
    }

    @Test func `begins anew when it went well`() {
        var generator = SeededGenerator(seed: 2)
        var backoff = Backoff(base: .milliseconds(1), cap: .seconds(100))
        for _ in 0..<20 { _ = backoff.next(using: &generator) }
        backoff.reset()
        #expect(backoff.next(using: &generator) <= .milliseconds(1))
    }

    @Test func `a clock that is set back makes nobody wait for longer than twice as long`() {
        var clock = ForwardClock()
        let start = Instant.current
        func time(_ elapsed: Int, wall: Int64) -> Int64 { clock.time(wall: wall, at: start + .milliseconds(elapsed)) }
        #expect(time(0, wall: 3_600_000) == 3_600_000)
        #expect(time(10, wall: 3_600_010) == 3_600_010)
        // An hour back: half the pace, however often it is asked.
        #expect(time(20, wall: 20) == 3_600_010)
        #expect((21...220).map { time($0, wall: Int64($0)) }.last == 3_600_110)
        // Met again, it is followed; forward at once.
        #expect(time(7_200_240, wall: 7_200_240) == 7_200_240)
        #expect(time(7_200_250, wall: 9_000_000) == 9_000_000)
        #expect(time(7_200_260, wall: 9_000_001) == 9_000_001)
    }

    @Test func `the same seed gives the same numbers, the published ones`() {
        // Of the reference implementation (https://prng.di.unimi.it/splitmix64.c), seed 1234567.
        var generator = SeededGenerator(seed: 1_234_567)
        #expect((0..<3).map { _ in generator.next() } == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199_001, "2024-02-29T23:59:59.001Z"),
            (1_764_547_199_000, "2025-11-30T23:59:59.000Z"),
            (1_767_225_600_000, "2026-01-01T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func `writes a time as RFC 3339 has it`(milliseconds: Int64, text: String) {
        #expect(Timestamp.text(milliseconds: milliseconds) == text)
    }

    @Test func `instants count in nanoseconds and stop at their ends`() {
        let start = Instant(nanoseconds: 1_000)
        #expect(start + .microseconds(1) == Instant(nanoseconds: 2_000))
        #expect(start - .nanoseconds(1) == Instant(nanoseconds: 999))
        #expect(start + .seconds(1) - start == .seconds(1))
        #expect(start + .seconds(Int64.max) == Instant(nanoseconds: .max))
        #expect(Duration.seconds(Int64.max).nanoseconds == .max)
        #expect(Duration.seconds(-5).nanoseconds == -5_000_000_000)
    }
}
