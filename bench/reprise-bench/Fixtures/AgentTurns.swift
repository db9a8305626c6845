// What an agent's session looks like in the log: turns of a prompt, a message whose text comes in deltas, a tool call, and the end.

import RelayProtocol
import TestSupport
import Wire

struct AgentTurns {
    private static let deltas = 200
    private let session: String
    private var turn = 0
    private var queue: [Event] = []
    private var place = 0

    init(session: String) {
        self.session = session
        let row = JSONWriter.object { writer in
            writer.member("id", session)
            writer.member("title", "a long session")
            writer.member("directory", "/home/dev/project")
            writer.member("created", 1)
            writer.member("updated", 5)
            writer.member("upstream", "opencode")
        }
        queue = [.session(session, row)]
    }

    mutating func next() -> Event {
        if place == queue.count {
            turn += 1
            (queue, place) = (Self.events(turn), 0)
        }
        place += 1
        return queue[place - 1]
    }

    private static func events(_ turn: Int) -> [Event] {
        let (prompt, answer) = ("msg_\(turn)a", "msg_\(turn)b")
        let said = (0..<deltas).map { "word \($0) of turn \(turn), and a little more of it; " }
        var events = [
            Event.turn(Turn(number: turn, state: .started, prompts: [prompt])), .status(.busy),
            message(prompt, role: "user", turn: turn, order: 0), SampleEvents.text("\(prompt).t0", of: prompt, "do the next thing"),
            message(answer, role: "assistant", turn: turn, order: 1), SampleEvents.text("\(answer).t0", of: answer, ""),
        ]
        events += said.map { .delta(part: "\(answer).t0", text: Array($0.utf8)) }
        events += [
            SampleEvents.text("\(answer).t0", of: answer, said.joined()), tool("\(answer).call", of: answer, state: "running"),
            tool("\(answer).call", of: answer, state: "completed"), .turn(Turn(number: turn, state: .done, prompts: [prompt])),
            .status(.idle),
        ]
        return events
    }

    private static func message(_ id: String, role: String, turn: Int, order: Int) -> Event {
        SampleEvents.message(id, created: turn * 10 + order, role: role, turn: turn)
    }

    private static func tool(_ id: String, of message: String, state: String) -> Event {
        .part(
            id,
            JSONWriter.object { writer in
                writer.member("id", id)
                writer.member("message", message)
                writer.member("type", "tool")
                writer.member("call", "call_\(id)")
                writer.member("name", "shell")
                writer.member("kind", "execute")
                writer.member("state", state)
                writer.member("input", raw: Array(#"{"command":"make test"}"#.utf8))
                if state == "completed" { writer.member("output", String(repeating: "all is well\n", count: 40)) }
            })
    }
}
