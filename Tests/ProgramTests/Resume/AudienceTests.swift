// The audience that a resume campaign is judged by notices what it must notice.

import TestSupport
import Testing

@Suite(.ownThread) struct AudienceTests {
    @Test(.timeLimit(.minutes(3))) func `tells what somebody missed, heard twice or heard otherwise`() throws {
        let relay = try RelayProcess()
        var seed = Seed(for: "audience")
        let audience = try Audience(relay, seed: &seed)
        try audience.follow("numbers")
        for number in 1...50 { try relay.post("/v1/topics/numbers/events", "\(number)") }
        let log = try relay.log("numbers")
        #expect(audience.faults(against: ["numbers": log]) == [])
        let names = audience.ways.map(\.name)
        #expect(names.count == (NodeProgram.path == nil ? 5 : 6))
        let changed = log.map { $0.replacing(#""event":7}"#, with: #""event":70}"#) }
        for wrong: [String] in [Array(log.dropFirst()), Array(log[..<9] + log[8...]), changed] {
            #expect(audience.faults(against: ["numbers": wrong]).count == names.count)
        }
        #expect(audience.outcomes.values.allSatisfy { $0.events == 50 })
    }

    @Test func `writes down a start that is not exact, a position that does not rise, and what is no line`() {
        let notebook = Notebook()
        notebook.write(#"{"type":"hello","start":"gap","reason":"unknown_epoch"}"# + "\n")
        notebook.write(#"{"at":"0001-aaaaa-0000000002","ts":1,"event":1}"# + "\n")
        notebook.write(#"{"at":"0001-aaaaa-0000000002","ts":1,"event":1}"# + "\n")
        notebook.write(#"{"at":"0001-aaaaa-0000000003","ts":1,"event":1}"# + "\n", id: "0001-aaaaa-0000000002")
        notebook.write("nothing\n")
        notebook.write(#"{"type":"gap"}"# + "\n")
        #expect(notebook.result.starts == ["gap unknown_epoch"])
        #expect(notebook.result.faults.count == 4, "\(notebook.result.faults)")
    }
}
