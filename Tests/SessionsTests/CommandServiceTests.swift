import EventLog
import Foundation
import OpenCode
import RelayProtocol
import SQLite
import TestSupport
import Testing
import Wire

@testable import Sessions

@Suite struct CommandServiceTests {
    let log: TestLog
    let upstream: FakeUpstream
    let commands: CommandService

    init() async throws {
        // One clock with the upstream's.
        log = try TestLog { 1000 }
        upstream = FakeUpstream(log: log.log)
        commands = upstream.commands()
        await upstream.start(commands)
        try await log.append([SampleEvents.session("ses_1")], to: "ses_1")
    }

    private func refusal(_ result: Result<CommandAnswer, Problem>) -> ProblemCode? {
        if case .failure(let problem) = result { problem.code } else { nil }
    }

    @Test func `what a command is known by is made before it goes to the writer`() {
        let store = WaitingStore()
        let commands = CommandService(store: store, identifiers: { _, _ in nil }) { _ in }
        let prompt = CommandRequest.prompt("c1", String(repeating: "x", count: 4 << 20))
        commands.submit(prompt) { _ in }
        #expect(store.intakes.map(\.hash) == [SHA256.hash(prompt.ask.content)])
    }

    @Test func `a prompt goes out once, however often it is said`() async throws {
        await upstream.set(.answer(200, #"{"message":"msg_9"}"#))
        let first = try await commands.submit(.prompt("c1")).get()
        #expect(first.state == .accepted && !first.isReplay)
        let settled = await commands.settled("ses_1", "c1")
        #expect(settled.state == .done)
        #expect(settled.result.map { text($0) } == #"{"message":"msg_9"}"#)
        let again = try await commands.submit(.prompt("c1")).get()
        #expect(again.state == .done && again.isReplay && again.result == settled.result)
        #expect(await upstream.requests == ["POST prompt id-of-prompt"])
        #expect(await upstream.told(3) == ["owner acts on id-of-prompt", "done: id-of-prompt", "prompted ses_1, sent at 1000"])
    }

    @Test func `of a prompt that was taken it is told when it was sent, not when it was answered`() async throws {
        await upstream.set(.hold)
        _ = try await commands.submit(.prompt("c1")).get()
        await upstream.happened(1)
        await upstream.set(now: 9_000)
        await upstream.release(200, #"{"message":"msg_9"}"#)
        _ = await commands.settled("ses_1", "c1")
        #expect(await upstream.told(3).last == "prompted ses_1, sent at 1000")
    }

    @Test func `an id that was used for something else is a conflict`() async throws {
        _ = try await commands.submit(.prompt("c1")).get()
        #expect(refusal(await commands.submit(.prompt("c1", "other words"))) == .commandConflict)
        #expect(refusal(await commands.submit(.test("c1", .stop(turn: nil)))) == .commandConflict)
        _ = await commands.settled("ses_1", "c1")
    }

    @Test func `a retry of the prompt that runs gets its answer, another prompt is refused`() async throws {
        await upstream.set(.hold)
        _ = try await commands.submit(.prompt("c1")).get()
        await upstream.happened(1)
        #expect(try await commands.submit(.prompt("c1")).get().state == .sent)
        #expect(refusal(await commands.submit(.prompt("c2"))) == .sessionBusy)
        await upstream.release(200, #"{"message":"msg_9"}"#)
        _ = await commands.settled("ses_1", "c1")
        #expect(refusal(await commands.submit(.prompt("c2"))) == .sessionBusy, "no turn has taken it up yet")
        try await log.append([.turn(Turn(number: 1, state: .done, prompts: ["msg_9"]))], to: "ses_1")
        #expect(try await commands.submit(.prompt("c2")).get().state == .accepted)
        await upstream.happened(2)
    }

    @Test func `a lost answer is settled by a look when OpenCode is back`() async throws {
        await upstream.set(.unreachable)
        _ = try await commands.submit(.prompt("c1")).get()
        await upstream.happened(2)
        await upstream.set(.answer(200, #"{"message":"msg_9"}"#))
        await upstream.upstreamIsBack()
        #expect(await commands.settled("ses_1", "c1").state == .done)
        #expect(await upstream.requests == ["POST prompt id-of-prompt", "GET prompt id-of-prompt"])
    }

    @Test func `what a crash left undecided is settled by the next runner`() async throws {
        await upstream.set(.hold)
        _ = try await commands.submit(.prompt("c1")).get()
        await upstream.happened(1)
        let next = FakeUpstream(log: log.log)
        let nextCommands = next.commands()
        await next.set(.answer(200, "{}"))
        await next.start(nextCommands)
        #expect(await nextCommands.settled("ses_1", "c1").state == .done)
        #expect(await next.requests == ["GET prompt id-of-prompt"])
        #expect(await next.generations == ["fake"])
    }

    @Test func `a stop overtakes a prompt that hangs, and is seen`() async throws {
        await upstream.set(.hold)
        try await log.append([.turn(Turn(number: 1, state: .done))], to: "ses_1")
        _ = try await commands.submit(.prompt("c1")).get()
        await upstream.happened(1)
        try await log.append([.turn(Turn(number: 2, state: .started, prompts: ["id-of-prompt"])), .status(.busy)], to: "ses_1")
        _ = try await commands.submit(.test("s1", .stop(turn: 2))).get()
        await upstream.happened(2)
        #expect(await upstream.requests.last == "POST stop id-of-stop")
        let status = try #require(try await log.events(of: "ses_1").last)
        #expect(status.payload == Event.status(.stopping).payload && status.by == "owner")
        await upstream.release(200, #"{"stopped":true}"#)
        #expect(await commands.settled("ses_1", "s1").state == .done)
    }

    @Test func `a stop that comes to nothing takes back what it has said, and is told`() async throws {
        try await log.append([.turn(Turn(number: 1, state: .started)), .status(.busy)], to: "ses_1")
        await upstream.set(.answer(500, ""))
        _ = try await commands.submit(.test("s1", .stop(turn: 1))).get()
        #expect(await commands.settled("ses_1", "s1").state == .refused)
        let events = try await log.events(of: "ses_1").suffix(3)
        #expect(events.first?.payload == Event.status(.stopping).payload)
        #expect(events.last?.payload == Event.status(.busy).payload)
        #expect(events.dropFirst().first.map { text($0.payload) }?.contains(#""type":"notice""#) == true)
    }

    @Test func `a prompt that waits for OpenCode to come back does not go out after its stop`() async throws {
        await upstream.set(.disconnected)
        _ = try await commands.submit(.prompt("c1")).get()
        await upstream.happened(1)
        _ = try await commands.submit(.test("s1", .stop(turn: nil))).get()
        #expect(await commands.settled("ses_1", "c1").state == .refused)
        await upstream.set(.answer(200, #"{"stopped":false}"#))
        await upstream.upstreamIsBack()
        #expect(await commands.settled("ses_1", "s1").result.map { text($0) } == #"{"stopped":false}"#)
        #expect(await upstream.requests.isEmpty, "there was nothing to stop any more")
    }

    @Test func `a stop waits for a prompt that was sent, then for the turn that it begins`() async throws {
        await upstream.set(.hold)
        _ = try await commands.submit(.prompt("c1")).get()
        await upstream.happened(1)
        _ = try await commands.submit(.test("s1", .stop(turn: nil))).get()
        // It waits: nobody knows yet whether the prompt has arrived.
        await upstream.happened(2)
        #expect(await upstream.requests == ["POST prompt id-of-prompt"])
        await upstream.set(.answer(200, #"{"stopped":false}"#))
        await upstream.release(200, #"{"message":"id-of-prompt"}"#)
        #expect(await commands.settled("ses_1", "c1").state == .done)
        // OpenCode has it and does not run yet: the stop hit nothing, and comes again.
        await upstream.happened(4)
        #expect(await upstream.requests.last == "POST stop id-of-stop")
        try await log.append([.turn(Turn(number: 1, state: .started, prompts: ["id-of-prompt"])), .status(.busy)], to: "ses_1")
        await upstream.set(.answer(200, #"{"stopped":true}"#))
        await upstream.passTime()
        #expect(await commands.settled("ses_1", "s1").result.map { text($0) } == #"{"stopped":true}"#)
        #expect(await upstream.requests.filter { $0.hasPrefix("POST stop") }.count == 2)
    }

    @Test func `a prompt that waits behind another command does not go out after its stop`() async throws {
        try await log.append([SampleEvents.permission("per_1", session: "ses_1")], to: "ses_1")
        await upstream.set(.hold)
        _ = try await commands.submit(.test("p1", .permission(id: "per_1", reply: "once", message: nil))).get()
        await upstream.happened(1)
        _ = try await commands.submit(.prompt("c1")).get()
        _ = try await commands.submit(.test("s1", .stop(turn: nil))).get()
        let prompt = await commands.settled("ses_1", "c1")
        #expect(prompt.state == .refused && prompt.problem?.code == .stopped)
        await upstream.release(200, "{}")
        #expect(await commands.settled("ses_1", "p1").state == .done)
        #expect(await commands.settled("ses_1", "s1").state == .done)
        #expect(await upstream.requests == ["POST permission id-of-permission"])
    }

    @Test func `an approval that waits for OpenCode to come back does not go out after a stop`() async throws {
        try await log.append([.turn(Turn(number: 1, state: .started)), .status(.busy)], to: "ses_1")
        try await log.append(["per_1", "per_2"].map { SampleEvents.permission($0, session: "ses_1") }, to: "ses_1")
        try await log.append([SampleEvents.permission("per_3", session: "ses_child")], to: "ses_1")
        try await log.append([SampleEvents.session("ses_known", parent: "ses_1")], to: "ses_known")
        try await log.append([SampleEvents.permission("per_4", session: "ses_known")], to: "ses_known")
        await upstream.set(.disconnected)
        _ = try await commands.submit(.test("p1", .permission(id: "per_1", reply: "once", message: nil))).get()
        _ = try await commands.submit(.test("p2", .permission(id: "per_2", reply: "reject", message: nil))).get()
        _ = try await commands.submit(.test("p3", .permission(id: "per_3", reply: "always", message: nil))).get()
        _ = try await commands.submit(.test("p4", .permission(id: "per_4", reply: "once", message: nil), in: "ses_known")).get()
        await upstream.happened(1)
        _ = try await commands.submit(.test("s1", .stop(turn: 1))).get()
        for (session, id) in [("ses_1", "p1"), ("ses_1", "p3"), ("ses_known", "p4")] {
            let approval = await commands.settled(session, id)
            #expect(approval.state == .refused && approval.problem?.code == .stopped, "\(id)")
        }
        await upstream.set(.answer(200, #"{"stopped":true}"#))
        await upstream.upstreamIsBack()
        #expect(await commands.settled("ses_1", "s1").state == .done)
        #expect(await commands.settled("ses_1", "p2").state == .done, "a no lets nothing run")
        #expect(await upstream.requests.sorted() == ["POST permission id-of-permission", "POST stop id-of-stop"])
    }

    @Test func `an approval of a card of a session below waits for the stop that was accepted before it`() async throws {
        try await log.append([.turn(Turn(number: 1, state: .started)), .status(.busy)], to: "ses_1")
        try await log.append([SampleEvents.permission("per_1", session: "ses_child")], to: "ses_1")
        await upstream.set(.hold)
        _ = try await commands.submit(.test("s1", .stop(turn: 1))).get()
        await upstream.happened(1)
        _ = try await commands.submit(.test("p1", .permission(id: "per_1", reply: "once", message: nil))).get()
        // Commands are taken up in their order: once the prompt of another session is out, the approval would be.
        try await log.append([SampleEvents.session("ses_2")], to: "ses_2")
        _ = try await commands.submit(.test("c1", .prompt(parts: Array("[]".utf8), agent: nil, model: nil), in: "ses_2")).get()
        await upstream.happened(2)
        #expect(await upstream.requests == ["POST stop id-of-stop", "POST prompt id-of-prompt"])
        await upstream.set(.answer(200, "{}"))
        await upstream.release(200, #"{"stopped":true}"#)
        #expect(await commands.settled("ses_1", "p1").state == .done)
        #expect(await upstream.requests.last == "POST permission id-of-permission")
    }

    @Test func `an id that nobody can look up is a problem of ours, not an unknown command`() async throws {
        let key = CommandKey(session: "ses_1", by: "owner", id: "none")
        #expect(try await commands.state(of: key).get() == nil)
        log.close()
        defer { try? FileManager.default.removeItem(atPath: log.folder) }
        #expect(await commands.state(of: key) == .failure(Problem(.readFailed)))
    }

    @Test func `a create that is known is answered, whatever has become of its directory`() async throws {
        await upstream.set(.answer(200, #"{"id":"ses_new"}"#))
        let first = CommandRequest.create("n1", asked: nil, .success("/root-of-then"))
        _ = try await commands.submit(first).get()
        #expect(await commands.settled(nil, "n1").createdSession == "ses_new")
        for directory in [.success("/root-of-now"), .failure(Problem(.directoryOutsideRoots))] as [Result<String, Problem>] {
            let again = try await commands.submit(.create("n1", asked: nil, directory)).get()
            #expect(again.isReplay && again.createdSession == "ses_new")
        }
        #expect(refusal(await commands.submit(.create("n1", asked: "/other", .success("/other")))) == .commandConflict)
        #expect(
            refusal(await commands.submit(.create("n2", asked: "/gone", .failure(Problem(.directoryOutsideRoots)))))
                == .directoryOutsideRoots)
        #expect(await upstream.requests == ["POST create id-of-create"])
    }

    @Test func `a stop whose turn is over does nothing, also when it comes late`() async throws {
        try await log.append([.turn(Turn(number: 1, state: .done)), .turn(Turn(number: 2, state: .started)), .status(.busy)], to: "ses_1")
        let early = try await commands.submit(.test("s1", .stop(turn: 1))).get()
        #expect(early.state == .done && early.result.map { text($0) } == #"{"stopped":false}"#)
        await upstream.set(.unreachable)
        _ = try await commands.submit(.test("s2", .stop(turn: 2))).get()
        await upstream.happened(2)
        try await log.append([.turn(Turn(number: 2, state: .done)), .status(.idle), .turn(Turn(number: 3, state: .started))], to: "ses_1")
        await upstream.upstreamIsBack()
        #expect(await commands.settled("ses_1", "s2").result.map { text($0) } == #"{"stopped":false}"#)
        #expect(await upstream.requests == ["POST stop id-of-stop"])
    }

    /// A stop of what runs and has not told its turn; its first try is lost.
    private func stopWithoutTurn() async throws {
        try await log.append([.turn(Turn(number: 1, state: .interrupted)), .status(.busy)], to: "ses_1")
        await upstream.set(.unreachable)
        _ = try await commands.submit(.test("s1", .stop(turn: nil))).get()
        await upstream.happened(2)
        #expect(await upstream.requests == ["POST stop id-of-stop"])
    }

    @Test func `a stop that was accepted without a turn hits no later one, and takes back what it has said`() async throws {
        try await stopWithoutTurn()
        try await log.append([.turn(Turn(number: 2, state: .started))], to: "ses_1")
        await upstream.set(.answer(200, #"{"stopped":true}"#))
        await upstream.upstreamIsBack()
        #expect(await commands.settled("ses_1", "s1").result.map { text($0) } == #"{"stopped":false}"#)
        #expect(await upstream.requests.count == 1)
        #expect(try await log.events(of: "ses_1").last?.payload == Event.status(.busy).payload)
    }

    @Test func `a stop that was accepted without a turn is not carried out by the next process where a later one runs`() async throws {
        try await stopWithoutTurn()
        try await log.append([.turn(Turn(number: 2, state: .started))], to: "ses_1")
        let next = FakeUpstream(log: log.log)
        let nextCommands = next.commands()
        await next.start(nextCommands)
        #expect(await nextCommands.settled("ses_1", "s1").result.map { text($0) } == #"{"stopped":false}"#)
        #expect(await next.requests.isEmpty)
    }

    @Test(arguments: [false, true])
    func `a stop that was accepted without a turn is tried on as long as the same runs`(hasTurn: Bool) async throws {
        try await stopWithoutTurn()
        if hasTurn { try await log.append([.turn(Turn(number: 1, state: .started, resumed: true))], to: "ses_1") }
        await upstream.set(.answer(200, #"{"stopped":true}"#))
        await upstream.upstreamIsBack()
        #expect(await commands.settled("ses_1", "s1").result.map { text($0) } == #"{"stopped":true}"#)
        #expect(await upstream.requests.count == 2)
    }

    @Test func `a reply that upstream refuses is told as not done`() async throws {
        try await log.append([SampleEvents.permission("per_1", session: "ses_1")], to: "ses_1")
        await upstream.set(.answer(404, "{}"))
        _ = try await commands.submit(.test("p1", .permission(id: "per_1", reply: "once", message: nil))).get()
        #expect(await commands.settled("ses_1", "p1").state == .refused)
        #expect(await upstream.told(2) == ["owner acts on per_1", "not done: per_1"])
    }

    @Test(arguments: [("once", CommandState.done), ("reject", .refused)])
    func `a reply whose answer was lost is done where the stream tells of it`(told: String, state: CommandState) async throws {
        try await log.append([SampleEvents.permission("per_1", session: "ses_1")], to: "ses_1")
        await upstream.set(.unreachable)
        _ = try await commands.submit(.test("p1", .permission(id: "per_1", reply: "once", message: nil))).get()
        await upstream.happened(2)
        await upstream.set(.answer(410, ""))
        await upstream.close("per_1", #"{"type":"permission.closed","id":"per_1","reply":"\#(told)"}"#)
        await upstream.upstreamIsBack()
        let settled = await commands.settled("ses_1", "p1")
        #expect(settled.state == state && settled.problem?.code == (state == .done ? nil : .alreadyAnswered))
        #expect(await upstream.told(2) == ["owner acts on per_1", state == .done ? "done: per_1" : "not done: per_1"])
    }

    @Test func `a reply of which nothing is told is uncertain, and that is told`() async throws {
        try await log.append([SampleEvents.permission("per_1", session: "ses_1")], to: "ses_1")
        await upstream.set(.unreachable)
        _ = try await commands.submit(.test("p1", .permission(id: "per_1", reply: "once", message: nil))).get()
        await upstream.happened(2)
        await upstream.set(.answer(410, ""))
        await upstream.upstreamIsBack()
        // The look, and the wait for the stream's word.
        await upstream.happened(4)
        await upstream.set(now: 1000 + CommandLimits.wordMilliseconds)
        await upstream.passTime()
        #expect(await commands.settled("ses_1", "p1").state == .uncertain)
        #expect(try await log.events(of: "ses_1").last.map { text($0.payload) }?.contains(#""kind":"uncertain""#) == true)
    }

    @Test func `the first reply to a card wins, and who gave it is told`() async throws {
        try await log.append([SampleEvents.permission("per_1", session: "ses_1")], to: "ses_1")
        let yes = CommandRequest.Ask.permission(id: "per_1", reply: "once", message: nil)
        _ = try await commands.submit(.test("p1", yes)).get()
        #expect(await commands.settled("ses_1", "p1").state == .done)
        #expect(await upstream.told(2) == ["owner acts on per_1", "done: per_1"])
        #expect(refusal(await commands.submit(.test("p2", yes))) == .alreadyAnswered)
        #expect(refusal(await commands.submit(.test("p3", .question(id: "que_1", answer: nil)))) == .alreadyAnswered)
    }

    @Test func `a reply that OpenCode refused may be given again`() async throws {
        try await log.append([SampleEvents.permission("per_1", session: "ses_1")], to: "ses_1")
        await upstream.set(.answer(400, "{}"))
        _ = try await commands.submit(.test("p1", .permission(id: "per_1", reply: "once", message: nil))).get()
        let settled = await commands.settled("ses_1", "p1")
        #expect(settled.state == .refused && settled.problem?.code == .upstreamRefused)
        _ = try await commands.submit(.test("p2", .permission(id: "per_1", reply: "reject", message: nil))).get()
        #expect(await commands.settled("ses_1", "p2").state == .refused)
    }

    @Test func `a prompt that OpenCode refused is told to everybody who watches`() async throws {
        await upstream.set(.answer(400, "{}"))
        _ = try await commands.submit(.prompt("c1")).get()
        #expect(await commands.settled("ses_1", "c1").state == .refused)
        let said = try #require(try await log.events(of: "ses_1").last)
        #expect(said.payload == Event.notice(kind: "refused", text: "prompt c1: no").payload && said.by == "owner")
        #expect(try await commands.submit(.prompt("c2")).get().state == .accepted, "a refused prompt keeps nobody waiting")
    }

    @Test func `a created session is made known before the create is answered`() async throws {
        await upstream.set(.answer(200, #"{"id":"ses_new"}"#))
        let create = CommandRequest.create("n1", asked: "/w", .success("/w"))
        _ = try await commands.submit(create).get()
        #expect(await commands.settled(nil, "n1").createdSession == "ses_new")
        #expect(await upstream.told(1) == ["created ses_new"])
    }

    @Test func `nothing is taken for sessions that are not there, nor without an OpenCode`() async throws {
        #expect(refusal(await commands.submit(.test("c1", .stop(turn: nil), in: "ses_none"))) == .unknownSession)
        #expect(refusal(await upstream.commands(isConnected: false).submit(.prompt("c2"))) == .upstreamUnavailable)
        try await log.append([.sessionRemoved()], to: "ses_1")
        #expect(refusal(await commands.submit(.prompt("c3"))) == .sessionGone)
        #expect(await upstream.requests.isEmpty)
    }
}
