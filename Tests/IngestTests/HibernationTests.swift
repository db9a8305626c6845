import EventLog
import OpenCode
import RelayProtocol
import TestSupport
import Testing
import Wire

@testable import Ingest

/// Follows a recording with a log of its own: what is committed is what a session that was let go comes back from. A server that can answer
/// no read stands behind the stream, so all that is said comes from frames.
private struct Follower {
    var machine: IngestMachine
    var now: Int64 = 1_795_000_000_000
    var log: [String: [Event]] = [:]
    var folds: [String: FoldedSession] = [:]
    var records: [String: [UInt8]] = [:]
    var loads = 0

    init(_ adapter: any UpstreamAdapter, idleAfter: Int64) {
        machine = IngestMachine(idleAfter: idleAfter)
        give(.known(KnownLog(sessions: [])))
        give(.subscribed(adapter))
    }

    mutating func give(_ input: IngestMachine.Input) {
        var inputs = [input, .flush]
        while !inputs.isEmpty {
            for action in machine.receive(inputs.removeFirst(), now: now) { if let answer = answer(action) { inputs += [answer, .flush] } }
        }
    }

    private mutating func answer(_ action: IngestMachine.Action) -> IngestMachine.Input? {
        switch action {
        case .append(let batch, let appends, _):
            for append in appends { store(append) }
            return .committed(batch: batch)
        case .load(let load):
            loads += 1
            return .loaded(
                LoadedSession(load, record: records[load.session], held: folds[load.session] ?? FoldedSession()))
        case .send(let exchange, let requests):
            return .answers(exchange: exchange, requests.map { Self.answer($0) })
        default: return nil
        }
    }

    private mutating func store(_ append: Append) {
        for event in append.events {
            log[append.topic.text, default: []].append(event)
            folds[append.topic.text, default: FoldedSession()].apply(event)
        }
        if let record = append.record { records[append.topic.text] = record }
    }

    /// No sessions in the list, and none that can be read.
    private static func answer(_ request: UpstreamRequest) -> UpstreamAnswer {
        let path = request.target.prefix { $0 != "?" }
        let isList = ["/api/session", "/api/session/active", "/experimental/session"].contains(path)
        let body = request.target.contains("active") ? #"{"data":{}}"# : request.target.hasPrefix("/api") ? #"{"data":[]}"# : "[]"
        return .answered(status: isList ? 200 : 500, isJSON: true, headers: [], body: Array(body.utf8))
    }
}

/// A session that is let go whenever nothing is under way says the same as one that never is.
@Suite(.ownThread) struct HibernationTests {
    @Test(arguments: RecordedFrames.all) func `what comes after a session was let go is translated alike`(recording: RecordedFrames) throws
    {
        let frames = try recording.frames()
        var staying = Follower(recording.adapter, idleAfter: .max / 2)
        var leaving = Follower(recording.adapter, idleAfter: 1)
        for frame in frames {
            for _ in 0..<2 {
                leaving.now += 20
                leaving.give(.woke)
            }
            staying.now += 40
            staying.give(.woke)
            staying.give(.frame(frame))
            leaving.give(.frame(frame))
        }
        for (topic, events) in staying.log {
            let other = leaving.log[topic] ?? []
            let difference = zip(events, other).enumerated().first { $0.element.0 != $0.element.1 }
            #expect(events.count == other.count && difference == nil, "\(topic) \(difference.map { "\($0)" } ?? "")")
        }
        #expect(Set(staying.log.keys) == Set(leaving.log.keys))
    }

    @Test func `the recordings let sessions go, many times`() throws {
        var loads = 0
        for recording in RecordedFrames.all {
            var leaving = Follower(recording.adapter, idleAfter: 1)
            for frame in try recording.frames() {
                leaving.now += 40
                leaving.give(.woke)
                leaving.give(.woke)
                leaving.give(.frame(frame))
            }
            loads += leaving.loads
        }
        #expect(loads > 100)
    }
}
