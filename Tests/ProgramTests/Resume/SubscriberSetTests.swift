// The subscribers that a resume campaign is judged by notice what they must notice.

import TestSupport
import Testing

@Suite(.ownThread) struct SubscriberSetTests {
    @Test(.timeLimit(.minutes(3))) func `tells what somebody missed, heard twice or heard otherwise`() throws {
        let relay = try RelayProcess()
        var seed = Seed(for: "audience")
        let subscribers = try SubscriberSet(relay, seed: &seed)
        try subscribers.follow("numbers")
        for number in 1...50 { try relay.post("/v1/topics/numbers/events", "\(number)") }
        let log = try relay.log("numbers")
        #expect(subscribers.faults(against: ["numbers": log]) == [])
        let names = subscribers.ways.map(\.name)
        #expect(names.count == (NodeProgram.path == nil ? 5 : 6))
        let changed = log.map { $0.replacing(#""event":7}"#, with: #""event":70}"#) }
        for wrong: [String] in [Array(log.dropFirst()), Array(log[..<9] + log[8...]), changed] {
            #expect(subscribers.faults(against: ["numbers": wrong]).count == names.count)
        }
        #expect(subscribers.outcomes.values.allSatisfy { $0.events == 50 })
    }

    @Test func `writes down a start that is not exact, a position that does not rise, and what is no line`() {
        let received = ReceivedLines()
        received.write(#"{"type":"hello","start":"gap","reason":"unknown_epoch"}"# + "\n")
        received.write(#"{"at":"0001-aaaaa-0000000002","ts":1,"event":1}"# + "\n")
        received.write(#"{"at":"0001-aaaaa-0000000002","ts":1,"event":1}"# + "\n")
        received.write(#"{"at":"0001-aaaaa-0000000003","ts":1,"event":1}"# + "\n", id: "0001-aaaaa-0000000002")
        received.write("nothing\n")
        received.write(#"{"type":"gap"}"# + "\n")
        #expect(received.result.starts == ["gap unknown_epoch"])
        #expect(received.result.faults.count == 4, "\(received.result.faults)")
    }
}
