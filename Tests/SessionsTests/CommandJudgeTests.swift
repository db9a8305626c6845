import OpenCode
import RelayProtocol
import Testing

@testable import Sessions

@Suite struct CommandJudgeTests {
    let idle = SessionFacts(id: "ses_1", directory: "/w")
    let parts = Array(#"[{"type":"text","text":"hi"}]"#.utf8)

    @Test func `a prompt to an idle session is accepted with the session's directory`() {
        let judged = CommandJudge.judge(.prompt(parts: parts, agent: "plan", model: nil), session: idle)
        #expect(judged == .accept(StoredCommand(.prompt(session: "ses_1", directory: "/w", parts: parts, agent: "plan", model: nil))))
    }

    @Test func `a prompt is refused while the session runs, has an open turn, or holds a prompt that is under way`() {
        var running = idle
        running.isIdle = false
        var open = idle
        open.openTurn = 3
        var awaited = idle
        awaited.hasPromptUnderWay = true
        for facts in [running, open, awaited] {
            #expect(CommandJudge.judge(.prompt(parts: parts, agent: nil, model: nil), session: facts) == .refuse(Problem(.sessionBusy)))
        }
    }

    @Test func `nothing is asked of a session that is unknown or gone`() {
        var gone = idle
        gone.isGone = true
        #expect(CommandJudge.judge(.stop(turn: nil), session: nil) == .refuse(Problem(.unknownSession)))
        #expect(CommandJudge.judge(.stop(turn: nil), session: gone) == .refuse(Problem(.sessionGone)))
    }

    @Test(
        arguments: [
            (asked: 3, open: 3, isSent: true), (asked: 2, open: 3, isSent: false), (asked: nil, open: 3, isSent: true),
            (asked: 3, open: nil, isSent: false), (asked: nil, open: nil, isSent: false),
        ] as [(asked: Int?, open: Int?, isSent: Bool)])
    func `a stop is for the turn that it names and never hits a later one`(_ row: (asked: Int?, open: Int?, isSent: Bool)) {
        var facts = idle
        facts.openTurn = row.open
        facts.isIdle = row.open == nil
        let judged = CommandJudge.judge(.stop(turn: row.asked), session: facts)
        let sent = Judgement.accept(StoredCommand(.stop(session: "ses_1", directory: "/w"), turn: row.open))
        #expect(judged == (row.isSent ? sent : .done(CommandJudge.notStopped)))
    }

    @Test func `a stop reaches a prompt that no turn has taken up yet`() {
        var facts = idle
        facts.hasPromptUnderWay = true
        facts.awaitedPrompt = "msg_1"
        let stop = StoredCommand(.stop(session: "ses_1", directory: "/w"), prompt: "msg_1")
        #expect(CommandJudge.judge(.stop(turn: nil), session: facts) == .accept(stop))
    }

    @Test func `a reply goes to the session that asked, once`() {
        var facts = idle
        facts.card = CardFacts(session: "ses_child", directory: "/c", ancestors: ["ses_1"], prompts: ["msg_1"], hasReply: false)
        let ask = CommandRequest.Ask.permission(id: "per_1", reply: "once", message: nil)
        let command = UpstreamCommand.permission(
            session: "ses_child", directory: "/c", id: "per_1", reply: "once", message: nil, prompts: ["msg_1"])
        #expect(CommandJudge.judge(ask, session: facts) == .accept(StoredCommand(command, ancestors: ["ses_1"])))
        facts.card?.hasReply = true
        #expect(CommandJudge.judge(ask, session: facts) == .refuse(Problem(.alreadyAnswered)))
        facts.card = nil
        #expect(CommandJudge.judge(ask, session: facts) == .refuse(Problem(.alreadyAnswered)))
    }

    @Test func `what is stored is read back as it was`() {
        let model = ModelChoice(provider: "anthropic", id: "claude", variant: "high")
        let all: [StoredCommand] = [
            StoredCommand(.create(directory: "/w", title: "a \"title\"", agent: nil, model: model)),
            StoredCommand(.prompt(session: "s", directory: nil, parts: parts, agent: "build", model: model)),
            StoredCommand(.stop(session: "s", directory: "/w"), turn: 4),
            StoredCommand(.stop(session: "s", directory: "/w"), prompt: "msg_1"),
            StoredCommand(.stop(session: "s", directory: "/w"), lastTurn: 2),
            StoredCommand(.permission(session: "s", directory: "/w", id: "p", reply: "reject", message: "no", prompts: ["m1", "m2"])),
            StoredCommand(.question(session: "s", directory: "/w", id: "q", answer: Array(#"{"q0":["a"]}"#.utf8), prompts: [])),
            StoredCommand(.question(session: "s", directory: nil, id: "q", answer: nil, prompts: []), ancestors: ["a", "b"]),
        ]
        for command in all { #expect(StoredCommand(json: command.json) == command) }
    }

    @Test func `a session's commands go one by one`() {
        let lanes = Lanes()
        #expect(lanes.enter("c1") && !lanes.enter("c2") && !lanes.enter("c1"))
        #expect(lanes.leave("c1") == ["c2"])
        #expect(lanes.leave("c2") == [])
        #expect(lanes.enter("c1"))
    }

    @Test func `a stop overtakes all but another stop, and nothing overtakes a stop`() {
        let lanes = Lanes()
        #expect(lanes.enter("c1") && !lanes.enter("c2") && lanes.enter("s1", isStop: true))
        #expect(!lanes.enter("s2", isStop: true) && !lanes.enter("c3"))
        #expect(lanes.leave("c2") == [], "it was withdrawn")
        #expect(lanes.leave("c1") == [])
        #expect(lanes.leave("s1") == ["s2"])
        #expect(lanes.leave("s2") == ["c3"])
    }

    @Test func `the answer to a card waits for the stops of the sessions above, and nobody above waits for it`() {
        let lanes = Lanes()
        #expect(lanes.enter("c1"))
        #expect(lanes.enter("p1", in: "ses_child", below: ["ses_1", "ses_0"]), "a prompt above does not hold it up")
        #expect(lanes.enter("s1", isStop: true) && lanes.enter("s0", isStop: true, in: "ses_0"))
        #expect(!lanes.enter("p2", in: "ses_child", below: ["ses_1", "ses_0"]) && lanes.enter("p3", in: "ses_other", below: ["ses_2"]))
        #expect(lanes.leave("p1", in: "ses_child") == [] && lanes.leave("s1") == [])
        #expect(lanes.leave("c1") == [] && lanes.enter("c2"), "an answer below holds nobody up")
        #expect(lanes.leave("s0", in: "ses_0") == ["p2"])
        #expect(lanes.leave("p2", in: "ses_child") == [] && lanes.enter("p4", in: "ses_child", below: ["ses_1"]))
    }

    @Test func `creates and the commands of other sessions go by themselves`() {
        let lanes = Lanes()
        #expect(lanes.enter("c1") && lanes.enter("c1", in: "ses_2"))
        #expect(lanes.enter("n1", in: nil) && lanes.enter("n2", in: nil))
        #expect(lanes.leave("n1", in: nil) == [])
    }

    @Test(
        arguments: [
            (turn: 3, prompt: nil, taken: [], open: 3, newest: nil, step: .attempt(.final)),
            (turn: 3, prompt: nil, taken: [], open: 4, newest: nil, step: .lapse),
            (turn: nil, prompt: "m", taken: [], open: nil, newest: NewestPrompt(state: .sent, message: "m", updated: 0), step: .wait),
            (
                turn: 3, prompt: "m", taken: [], open: 3, newest: NewestPrompt(state: .sent, message: "m", updated: 0),
                step: .attempt(.untilSettled)
            ),
            (
                turn: nil, prompt: "m", taken: [], open: nil, newest: NewestPrompt(state: .done, message: "m", updated: 0),
                step: .attempt(.untilStopped)
            ),
            (
                turn: nil, prompt: "m", taken: [], open: nil, newest: NewestPrompt(state: .uncertain, message: "m", updated: 0),
                step: .attempt(.untilStopped)
            ),
            (
                turn: nil, prompt: "m", taken: [4], open: 4, newest: NewestPrompt(state: .sent, message: "m", updated: 0),
                step: .attempt(.final)
            ),
            (turn: nil, prompt: "m", taken: [4], open: nil, newest: NewestPrompt(state: .done, message: "m", updated: 0), step: .lapse),
            (turn: nil, prompt: "m", taken: [], open: nil, newest: nil, step: .lapse),
            (turn: nil, prompt: "m", taken: [], open: nil, newest: NewestPrompt(state: .sent, message: "n", updated: 0), step: .lapse),
            (
                turn: nil, prompt: "m", taken: [], open: nil, newest: NewestPrompt(state: .done, message: "m", updated: -40_000),
                step: .lapse
            ),
        ] as [(turn: Int?, prompt: String?, taken: [Int], open: Int?, newest: NewestPrompt?, step: StopTarget.Step)])
    func `a stop is for its turn and for the turn of its prompt, as long as they can run`(
        _ row: (turn: Int?, prompt: String?, taken: [Int], open: Int?, newest: NewestPrompt?, step: StopTarget.Step)
    ) {
        let stop = StoredCommand(.stop(session: "ses_1", directory: "/w"), turn: row.turn, prompt: row.prompt)
        let target = StopTarget(stop, turnsOfPrompt: row.taken, open: row.open, isIdle: row.open == nil, newest: row.newest, now: 0)
        #expect(target.step == row.step)
    }

    @Test func `a stop of what runs without a turn is stored with the turn before`() {
        var facts = idle
        (facts.isIdle, facts.newestTurn) = (false, 2)
        let stop = StoredCommand(.stop(session: "ses_1", directory: "/w"), lastTurn: 2)
        #expect(CommandJudge.judge(.stop(turn: nil), session: facts) == .accept(stop))
        #expect(CommandJudge.judge(.stop(turn: 2), session: facts) == .done(CommandJudge.notStopped))
    }

    @Test(
        arguments: [
            (open: nil, isIdle: false, step: .attempt(.final)), (open: nil, isIdle: true, step: .lapse),
            (open: 2, isIdle: false, step: .attempt(.final)), (open: 3, isIdle: false, step: .lapse),
        ] as [(open: Int?, isIdle: Bool, step: StopTarget.Step)])
    func `a stop of what runs without a turn is for that and for the turn before`(
        _ row: (open: Int?, isIdle: Bool, step: StopTarget.Step)
    ) {
        let stop = StoredCommand(.stop(session: "ses_1", directory: "/w"), lastTurn: 2)
        let target = StopTarget(stop, turnsOfPrompt: [], open: row.open, isIdle: row.isIdle, newest: nil, now: 0)
        #expect(target.step == row.step)
    }
}

/// Lanes of commands by their ids.
private final class Lanes {
    private var lanes = CommandLanes()

    func enter(_ id: String, isStop: Bool = false, in session: String? = "ses_1", below above: [String] = []) -> Bool {
        lanes.enter(CommandKey(session: session, by: "owner", id: id), isStop: isStop, session: session, below: above)
    }

    func leave(_ id: String, in session: String? = "ses_1") -> [String] {
        lanes.leave(CommandKey(session: session, by: "owner", id: id), session: session).map(\.id)
    }
}
