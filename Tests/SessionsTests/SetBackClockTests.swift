// The machine's clock is set back between two prompts: the rows of the first say a later time than those of the second.

import RelayProtocol
import Synchronization
import TestSupport
import Testing
import Wire

@testable import Sessions

@Suite struct SetBackClockTests {
    private final class Clock: Sendable {
        let time = Atomic<Int64>(10_000_000)
        func set(_ time: Int64) { self.time.store(time, ordering: .relaxed) }
    }

    private let clock = Clock()
    private let log: TestLog
    private let upstream: FakeUpstream
    private let commands: CommandService

    init() async throws {
        log = try TestLog { [clock] in clock.time.load(ordering: .relaxed) }
        upstream = FakeUpstream(log: log.log)
        commands = upstream.commands()
        await upstream.start(commands)
        try await log.append([SampleEvents.session("ses_1")], to: "ses_1")
    }

    /// A prompt whose turn is over; then the clock is set back by an hour.
    private func beforeTheHour() async throws {
        await upstream.set(.answer(200, #"{"message":"msg_a"}"#))
        _ = try await commands.submit(.prompt("a")).get()
        #expect(await commands.settled("ses_1", "a").state == .done)
        try await log.append([.turn(Turn(number: 1, state: .done, prompts: ["msg_a"]))], to: "ses_1")
        clock.set(6_400_000)
    }

    @Test func `the prompt that is under way is the one that was accepted last`() async throws {
        try await beforeTheHour()
        await upstream.set(.disconnected)
        _ = try await commands.submit(.prompt("b", "another")).get()
        guard case .failure(let problem) = await commands.submit(.prompt("c")) else {
            Issue.record("a third prompt was let in")
            return
        }
        #expect(problem.code == .sessionBusy)
        let stop = try await commands.submit(.test("s", .stop(turn: nil))).get()
        #expect(stop.state == .accepted)
        #expect(await commands.settled("ses_1", "b").problem?.code == .stopped)
    }

    @Test func `what goes out after a start is in the order in which it was accepted`() async throws {
        await upstream.set(.disconnected)
        _ = try await commands.submit(.prompt("a")).get()
        clock.set(6_400_000)
        try await log.append([SampleEvents.session("ses_2")], to: "ses_2")
        _ = try await commands.submit(.test("b", .prompt(parts: Array("[]".utf8), agent: nil, model: nil), in: "ses_2")).get()
        let waiting = try await log.perform { try CommandTable(database: $0.database).undecided().map(\.key.id) }
        #expect(waiting == ["a", "b"])
    }

    @Test func `a prompt of a clock that was ahead keeps no session busy`() async throws {
        await upstream.set(.answer(200, #"{"message":"id-of-prompt"}"#))
        _ = try await commands.submit(.prompt("a")).get()
        #expect(await commands.settled("ses_1", "a").state == .done)
        clock.set(6_400_000)
        #expect(try await commands.submit(.prompt("b")).get().state == .accepted)
    }
}
