import EventLog
import RelayProtocol
import TestSupport
import Testing

@testable import Reactor
@testable import Server

/// A loop that is behind is told so, and does not keep what it will not send.
@Suite(.ownThread) struct LoopSinkTests {
    private static func lines(_ bytes: Int) throws -> CommittedLines {
        let (topic, epoch) = (try #require(TopicName("builds")), Epoch(start: 1, random: 1))
        let last = Position(epoch: epoch, offset: 1)
        return CommittedLines(
            topic: topic, previous: .origin, last: last, bytes: [UInt8](repeating: 0x20, count: bytes), ends: [Int32(bytes)], offsets: [1],
            epoch: epoch)
    }

    @Test func `takes no more lines than a ring holds before the loop has taken some`() throws {
        let sink = LoopSink(capacity: 100, lineBytes: 1000)
        let lines = try Self.lines(600)
        #expect(sink.post(.committed(lines)) && sink.post(.committed(lines)))
        #expect(!sink.post(.committed(lines)))
        #expect(!sink.post(.behind(lines.topic, head: lines.last)), "what says so comes when the loop has taken some")
        #expect(sink.post(.removed(lines.topic)), "what has no lines has room")
        #expect(sink.mailbox.takeAll([]).count == 3)
        #expect(sink.post(.behind(lines.topic, head: lines.last)))
        #expect(sink.post(.committed(lines)))
    }

    @Test func `takes one that is larger than all of it`() throws {
        let sink = LoopSink(capacity: 100, lineBytes: 1000)
        #expect(sink.post(.committed(try Self.lines(5000))))
    }
}
