// Commands of two sessions, and what is said of these meanwhile: few ids, so that what comes in was often there before, with the same
// content or with another, and cards and turns are those that commands name.

import EventLog
import OpenCode
import RelayProtocol

@testable import Sessions

struct CommandHistory {
    /// Their rows are kept; nobody removes them.
    static let sessions = ["ses_a", "ses_b"]
    private static let states: [CommandState] = [.accepted, .sent, .done, .refused, .uncertain]
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    private mutating func session() -> String { random.pick(Self.sessions) ?? "" }
    /// A permission and a question may have the same.
    private mutating func card() -> String { "card\(random.number(1...3))" }
    private mutating func prompt() -> String { "msg\(random.number(1...3))" }

    mutating func call() -> LogCall {
        switch random.number(0...9) {
        case 0..<4: .append([Append(topic: TopicName(session()) ?? .lobby, events: (0..<random.number(1...3)).map { _ in event() })])
        case 4..<8: .take(request(), identifiers: random.chance(perMille: 900) ? [prompt()] : nil)
        default: change()
        }
    }

    mutating func look() -> LogLook {
        switch random.number(0...5) {
        case 0..<3: .command(key())
        case 3: .undecided
        default:
            .target(
                of: StoredCommand(
                    .stop(session: session(), directory: nil), turn: random.chance(perMille: 500) ? random.number(1...4) : nil,
                    prompt: random.chance(perMille: 500) ? prompt() : nil))
        }
    }

    // What is said of a session.

    private mutating func event() -> Event {
        switch random.number(0...19) {
        case 0..<4: row()
        case 4..<9: .status(random.pick([.idle, .busy, .stopping]) ?? .idle)
        case 9..<13: turn()
        case 13: .sessionRemoved()
        case 14: .delta(part: "part", text: Array("word".utf8))
        default: aboutCard()
        }
    }

    private mutating func row() -> Event {
        let directory = random.chance(perMille: 800) ? #","directory":"/home/\#(random.number(1...2))""# : ""
        return .session("any", Array(#"{"id":"any"\#(directory)}"#.utf8))
    }

    /// What a turn has taken up stays its.
    private mutating func turn() -> Event {
        let number = random.number(1...4)
        return .turn(Turn(number: number, state: random.pick([.started, .started, .done, .stopped]) ?? .done, prompts: ["msg\(number)"]))
    }

    private mutating func aboutCard() -> Event {
        let id = card()
        // A child's card is told in its root's topic.
        let object = Array(#"{"id":"\#(id)","session":"\#(session())"}"#.utf8)
        return random.pick([
            .permission(id, object), .permission(id, object), .permissionClosed(id, reply: "once"), .question(id, object),
            .question(id, object), .questionClosed(id, outcome: "answered"),
        ]) ?? .permission(id, object)
    }

    // What is asked.

    private mutating func key() -> CommandKey {
        let request = request()
        return CommandKey(session: request.session, by: request.by, id: request.id?.text ?? "")
    }

    private mutating func request() -> CommandRequest {
        let session = random.number(0...9) == 0 ? "ses_unknown" : session()
        let by = random.chance(perMille: 800) ? "owner" : "guest"
        let ask = ask()
        return CommandRequest(session: ask.kind == .create ? nil : session, id: CommandID("c\(random.number(1...12))"), by: by, ask: ask)
    }

    private mutating func ask() -> CommandRequest.Ask {
        switch random.number(0...9) {
        case 0:
            .create(
                asked: nil, directory: random.chance(perMille: 800) ? .success("/home/1") : .failure(Problem(.badRequest)), title: nil,
                agent: "build", model: nil)
        case 1..<4:
            .prompt(
                parts: Array(#"[{"type":"text","text":"say \#(random.number(1...2))"}]"#.utf8), agent: nil,
                model: ModelName(provider: "p", id: "m", variant: nil))
        case 4, 5: .stop(turn: random.chance(perMille: 400) ? random.number(1...4) : nil)
        case 6, 7: .permission(id: card(), reply: random.pick(["once", "reject"]) ?? "once", message: nil)
        default: .question(id: card(), answer: random.chance(perMille: 700) ? Array(#"{"q0":"yes"}"#.utf8) : nil)
        }
    }

    private mutating func change() -> LogCall {
        let key = key()
        let results = [#"{}"#, #"{"message":"\#(prompt())"}"#, #"{"stopped":true}"#, #"{"code":"uncertain","detail":"why"}"#]
        let change = CommandChange(
            state: random.pick(Self.states) ?? .sent, checkpoint: random.chance(perMille: 400) ? Array("so far".utf8) : nil,
            result: random.chance(perMille: 700) ? random.pick(results).map { Array($0.utf8) } : nil)
        let topic = Self.sessions.contains(key.session) && random.chance(perMille: 300) ? TopicName(key.session) : nil
        return .change(key, change, notice: topic.map { Append(topic: $0, events: [.notice(kind: "refused", text: "came to nothing")]) })
    }
}
