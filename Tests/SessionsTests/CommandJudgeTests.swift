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
        #expect(CommandJudge.judge(.stop(turn: nil), session: facts) == .accept(StoredCommand(.stop(session: "ses_1", directory: "/w"))))
    }

    @Test func `a reply goes to the session that asked, once`() {
        var facts = idle
        facts.card = CardFacts(session: "ses_child", directory: "/c", prompts: ["msg_1"], hasReply: false)
        let ask = CommandRequest.Ask.permission(id: "per_1", reply: "once", message: nil)
        let command = UpstreamCommand.permission(
            session: "ses_child", directory: "/c", id: "per_1", reply: "once", message: nil, prompts: ["msg_1"])
        #expect(CommandJudge.judge(ask, session: facts) == .accept(StoredCommand(command)))
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
            StoredCommand(.permission(session: "s", directory: "/w", id: "p", reply: "reject", message: "no", prompts: ["m1", "m2"])),
            StoredCommand(.question(session: "s", directory: "/w", id: "q", answer: Array(#"{"q0":["a"]}"#.utf8), prompts: [])),
            StoredCommand(.question(session: "s", directory: nil, id: "q", answer: nil, prompts: [])),
        ]
        for command in all { #expect(StoredCommand(json: command.json) == command) }
    }

    @Test func `a session's commands go one by one, and a stop overtakes`() {
        var lanes = CommandLanes()
        let keys = (1...3).map { CommandKey(session: "ses_1", by: "owner", id: "c\($0)") }
        let lane = CommandLanes.lane(of: keys[0], kind: .prompt, session: "ses_1")
        let first = lanes.enter(keys[0], lane)
        let second = lanes.enter(keys[1], CommandLanes.lane(of: keys[1], kind: .permission, session: "ses_1"))
        let again = lanes.enter(keys[0], lane)
        let stop = lanes.enter(keys[2], CommandLanes.lane(of: keys[2], kind: .stop, session: "ses_1"))
        #expect(first && stop && !second && !again)
        let next = lanes.leave(lane)
        let last = lanes.leave(lane)
        #expect(next == keys[1] && last == nil)
        let afterwards = lanes.enter(keys[0], lane)
        #expect(afterwards)
    }
}
