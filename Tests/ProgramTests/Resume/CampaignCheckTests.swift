// What a campaign is judged by notices each thing that it must notice, on logs that are made up.

import TestSupport
import Testing
import Wire

@testable import reprise_bench

@Suite(.ownThread) struct CampaignCheckTests {
    private static func line(_ number: Int, _ time: Int, _ event: String) -> String {
        #"{"at":"0001-aaaaa-\#(String("\(10_000_000_000 + number)".dropFirst()))","ts":\#(time),"event":\#(event)}"# + "\n"
    }

    private static func history(_ events: [(Int, String)]) throws -> TopicHistory {
        try TopicHistory(events.enumerated().map { line($0.offset + 1, $0.element.0, $0.element.1) })
    }

    private static func outage(_ from: Int, _ to: Int, healed: Bool = true) -> (Int, String) {
        (to, #"{"type":"outage","from":\#(from),"to":\#(to),"healed":\#(healed)}"#)
    }

    private static func status(_ time: Int, _ status: String) -> (Int, String) { (time, #"{"type":"status","status":"\#(status)"}"#) }

    private func faults(_ cause: Absence.Cause, opencode: [(Int, String)], session: [(Int, String)]) throws -> Int {
        let histories = ["opencode": try Self.history(opencode), "ses_a": try Self.history(session)]
        let absence = Absence(cause: cause, time: 50, isOwn: false, returned: 70)
        return AbsenceCheck(histories: histories, sessions: ["ses_a"]).faults(of: [absence]).count
    }

    @Test func `wants each absence told in opencode and in each busy session`() throws {
        let (told, busy) = (Self.outage(40, 60), Self.status(10, "busy"))
        #expect(try faults(.killOfReprise, opencode: [told], session: [busy, told]) == 0)
        #expect(try faults(.killOfReprise, opencode: [told], session: [busy, Self.status(49, "idle")]) == 0)
        #expect(try faults(.killOfReprise, opencode: [], session: [busy, told]) == 1)
        #expect(try faults(.killOfReprise, opencode: [Self.outage(51, 60)], session: [busy, told]) == 1)
        #expect(try faults(.killOfReprise, opencode: [Self.outage(40, 60, healed: false)], session: [busy, told]) == 1)
        #expect(try faults(.killOfReprise, opencode: [told], session: [busy]) == 1)
        #expect(try faults(.killOfReprise, opencode: [told], session: [busy, Self.outage(40, 60, healed: false)]) == 1)
        // What was still in the socket of a dead OpenCode counts; what Reprise did not live to hear does not.
        #expect(try faults(.killOfOpenCode, opencode: [told], session: [busy, Self.status(55, "idle")]) == 0)
        #expect(try faults(.killOfOpenCode, opencode: [Self.outage(51, 60)], session: [busy, Self.outage(51, 60)]) == 0)
        #expect(try faults(.killOfOpenCode, opencode: [Self.outage(71, 90)], session: [busy, Self.outage(71, 90)]) == 1)
        #expect(try faults(.killOfReprise, opencode: [told], session: [busy, Self.status(55, "idle")]) == 1)
    }

    @Test func `wants every acknowledged batch once, whole, where it was said to be`() {
        let log = (1...3).map { Self.line($0, 1, "\($0)") }
        func at(_ number: Int) -> String { String(log[number - 1].dropFirst(7).prefix(21)) }
        let good = [
            NumberPublisher.Batch(events: ["1", "2"], first: at(1), last: at(2)),
            NumberPublisher.Batch(events: ["3"], first: at(3), last: at(3)),
        ]
        #expect(PublishedEvents(log: log).faults(of: good) == [])
        for wrong in [Array(log.dropFirst()), log + log.suffix(1), log + [Self.line(4, 1, "4")], [log[0], log[2], log[1]]] {
            #expect(PublishedEvents(log: wrong).faults(of: good).count == 1)
        }
        let elsewhere = NumberPublisher.Batch(events: ["3"], first: at(2), last: at(3))
        #expect(PublishedEvents(log: log).faults(of: [good[0], elsewhere]).count == 1)
    }

    private static func said(_ id: String, _ role: String, _ parts: [String], isCompleted: Bool = true) throws -> ComparableMessage {
        let texts = parts.map { #"{"id":"p","type":"text","text":"\#($0)"}"# }.joined(separator: ",")
        let completed = isCompleted ? #","completed":1"# : ""
        let answer = #"{"messages":[{"id":"\#(id)","role":"\#(role)"\#(completed),"parts":[\#(texts)]}]}"#
        return try #require(ComparableMessage.ours(try JSON.parse(Array(answer.utf8))).first)
    }

    @Test func `wants every acknowledged prompt done, and once on both sides`() throws {
        let part = #"{"type":"part","part":{"id":"p","message":"msg_1","type":"text","text":"long #s0-1;"}}"#
        let again = #"{"type":"part","part":{"id":"q","message":"msg_2","type":"text","text":"long #s0-1;"}}"#
        let prompt = Prompter.Prompt(id: "p0-1", mark: "#s0-1;")
        let there = try Self.said("msg_1", "user", ["long #s0-1;"])
        func count(_ events: [String], _ theirs: [ComparableMessage], _ state: String = "done") throws -> Int {
            let history = try Self.history(events.map { (1, $0) })
            return PromptCheck(session: "ses_a", history: history, theirs: theirs).faults(of: [prompt]) { _ in state }.count
        }
        #expect(try count([part, part], [there]) == 0)
        #expect(try count([part], [there], "uncertain") == 1)
        #expect(try count([], [there]) == 1)
        #expect(try count([part, again], [there]) >= 1)
        #expect(try count([part], []) == 1)
        #expect(try count([part], [there, try Self.said("msg_2", "user", ["#s0-1;"])]) == 1)
        #expect(try count([again], [there]) == 1)
    }

    @Test func `wants OpenCode's messages, but for texts that were open at its death`() throws {
        let (short, long) = (try Self.said("msg_1", "assistant", ["a b"]), try Self.said("msg_1", "assistant", ["a b c"]))
        let other = try Self.said("msg_1", "assistant", ["x"])
        let torn = MessageCheck(session: "ses_a", torn: ["msg_1"])
        let whole = MessageCheck(session: "ses_a", torn: [])
        #expect(whole.faults(ours: [long], theirs: [long]) == [])
        #expect(torn.faults(ours: [long], theirs: [short]) == [] && torn.faults(ours: [short], theirs: [long]).count == 1)
        #expect(whole.faults(ours: [long], theirs: [short]).count == 1)
        #expect(torn.faults(ours: [long], theirs: [other]).count == 1)
        #expect(torn.faults(ours: [long], theirs: []).count == 1 && torn.faults(ours: [], theirs: [long]).count == 1)
        #expect(torn.faults(ours: [long], theirs: [try Self.said("msg_1", "assistant", ["a b c"], isCompleted: false)]).count == 1)
    }

    private func saidOnce(_ events: [String]) throws -> Int { SaidOnceCheck(try Self.history(events.map { (1, $0) })).faults.count }

    @Test func `wants every object and every word said once`() throws {
        func part(_ text: String, open: Bool = false) -> String {
            #"{"type":"part","part":{"id":"m1.t0","message":"m1","type":"text","text":"\#(text)"\#(open ? #","open":true"# : "")}}"#
        }
        func delta(_ text: String) -> String { #"{"type":"delta","part":"m1.t0","text":"\#(text)"}"# }
        let message = #"{"type":"message","message":{"id":"m1","role":"assistant","created":1}}"#
        let outage = #"{"type":"outage","from":1,"to":2}"#
        let good = [message, part("", open: true), delta("a "), delta("b"), part("a b")]
        #expect(try saidOnce(good) == 0)
        #expect(try saidOnce(good.dropLast() + [delta(" \\n"), part("a b")]) == 0, "white space at the end is left out")
        #expect(try saidOnce(good + [message]) == 1 && saidOnce(good + [part("a b")]) == 1)
        #expect(try saidOnce(good + [#"{"type":"message.removed","id":"m1"}"#, message]) == 0)
        #expect(try saidOnce([message, part("", open: true), delta("a "), delta("a "), delta("b"), part("a b")]) == 1, "a delta twice")
        #expect(try saidOnce([message, part("", open: true), delta("b"), part("a b")]) == 1, "a delta that is not there")
        #expect(try saidOnce([message, part("", open: true), delta("b"), outage, part("a b")]) == 0)
        #expect(try saidOnce(good + [delta("b"), part("a b")]) == 1, "held words behind a text that a read gave")
        func turn(_ number: Int, _ prompts: String) -> String { #"{"type":"turn","turn":\#(number),"state":"started","prompts":[\#(prompts)]}"# }
        #expect(try saidOnce([turn(1, ""), turn(1, #""m0""#), turn(2, #""m1""#)]) == 0)
        #expect(try saidOnce([turn(1, #""m0""#), turn(2, #""m1","m0""#)]) == 1)
    }

    @Test func `knows which messages were open at a time`() throws {
        let open = #"{"type":"message","message":{"id":"msg_1","role":"assistant"}}"#
        let done = #"{"type":"message","message":{"id":"msg_1","role":"assistant","completed":1}}"#
        let history = try Self.history([(10, open), (20, done)])
        #expect(history.openMessages(at: [15]) == ["msg_1"])
        #expect(history.openMessages(at: [5]) == [] && history.openMessages(at: [25]) == [])
        #expect(try Self.history([(10, open)]).openMessages(at: [99]) == ["msg_1"])
    }
}
