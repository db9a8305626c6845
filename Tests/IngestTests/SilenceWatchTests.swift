import Reactor
import Testing

@testable import Ingest

@Suite struct SilenceWatchTests {
    private let start = Instant.current

    @Test func `a stream without a byte for so long is dead`() {
        var watch = SilenceWatch(limit: .seconds(30), now: start)
        #expect(watch.remaining(at: start + .seconds(29)) == .seconds(1))
        #expect(watch.remaining(at: start + .seconds(31)) == .zero)
        watch.heard(at: start + .seconds(20))
        #expect(watch.remaining(at: start + .seconds(31)) == .seconds(19))
    }

    @Test func `while it is not read its silence does not count`() {
        var watch = SilenceWatch(limit: .seconds(30), now: start)
        watch.pause()
        #expect(watch.remaining(at: start + .seconds(3600)) == nil)
        watch.resume(at: start + .seconds(3600))
        #expect(watch.remaining(at: start + .seconds(3601)) == .seconds(29))
        #expect(watch.remaining(at: start + .seconds(3631)) == .zero)
    }
}
