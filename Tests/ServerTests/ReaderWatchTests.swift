import Reactor
import TestSupport
import Testing

@testable import Server

/// A slow reader is told from one that is gone by what its kernel answers, not by how much it takes.
@Suite(.ownThread) struct ReaderWatchTests {
    private static let beat = Duration.seconds(25)
    private static let patience = ReaderWatch.Patience(stall: .seconds(600), silence: .seconds(85))

    /// Looks with each beat; gives at which look it was over.
    private func looks(_ count: Int, _ signs: (Int) -> PeerSigns) -> Int? {
        var watch = ReaderWatch()
        return (1...count).first { watch.isOver(signs($0), beat: Self.beat, Self.patience) }
    }

    @Test func `who takes a little in each ten minutes is kept`() {
        // A window that opens at every 20th look: 500 s.
        let end = looks(10_000) { PeerSigns(acknowledgedBytes: UInt64(8192 * ($0 / 20)), silence: .seconds(110), unansweredQuestions: 0) }
        #expect(end == nil)
    }

    @Test func `who takes nothing for ten minutes is over, whatever its kernel answers`() {
        // The first look finds what was before it, then 24 whole beats are 600 s.
        #expect(looks(100) { _ in PeerSigns(acknowledgedBytes: 4711, silence: .seconds(1), unansweredQuestions: 0) } == 25)
        // More than the counter of bytes holds.
        #expect(looks(100) { _ in PeerSigns(acknowledgedBytes: 1 << 32 + 1, silence: .zero, unansweredQuestions: 1) } == 25)
    }

    @Test func `a kernel that answers nothing is gone when it was asked twice`() {
        #expect(looks(10) { PeerSigns(acknowledgedBytes: 1, silence: Self.beat * $0, unansweredQuestions: $0) } == 4)
    }

    @Test func `silence behind a shut window is none while no question is open`() {
        #expect(looks(20) { PeerSigns(acknowledgedBytes: 1, silence: .seconds(120), unansweredQuestions: $0 % 2) } == nil)
    }

    @Test func `lost packets are no death before the time is over`() {
        #expect(looks(20) { _ in PeerSigns(acknowledgedBytes: 1, silence: .seconds(84), unansweredQuestions: 9) } == nil)
    }
}
