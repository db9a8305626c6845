// Drives a scripted agent without a socket: asks, lets the time pass from one planned moment to the next, and reads what it says.

import ScriptedOpenCode
import Testing
import Wire

struct ScriptedDrive {
    struct Event {
        let type: String
        let value: JSONValue
        var data: JSONValue? { value["data"] }
    }

    var agent: ScriptedAgent
    var now: Int64 = 1_795_549_537_285
    private(set) var events: [Event] = []

    init(wordsPerSecond: Int = 120, _ change: (inout ScriptedAgent.Options) -> Void = { _ in }) {
        var options = ScriptedAgent.Options()
        options.wordsPerSecond = wordsPerSecond
        change(&options)
        agent = ScriptedAgent(options: options)
    }

    var types: [String] { events.map(\.type) }

    @discardableResult
    mutating func ask(_ method: String, _ path: String, _ body: String = "") throws -> (status: Int, value: JSONValue?) {
        let reply = agent.respond(method: method, target: "/api" + path, body: Array(body.utf8), now: now)
        try hear()
        guard case .answer(let status, _, let bytes) = reply else { return (200, nil) }
        return (status, try? JSON.parse(bytes))
    }

    mutating func newSession() throws -> String {
        try #require(try ask("POST", "/session").value?["data"]?["id"]?.string)
    }

    @discardableResult
    mutating func prompt(_ session: String, _ text: String, _ more: String = "") throws -> String {
        let answer = try ask("POST", "/session/\(session)/prompt", "{\"text\":\"\(text)\"\(more)}")
        return try #require(answer.value?["data"]?["id"]?.string)
    }

    /// Lets the next planned thing happen; false when there is none.
    @discardableResult
    mutating func step() throws -> Bool {
        guard let next = agent.nextTime else {
            guard agent.isFlooding else { return false }
            agent.advance(now: now, room: 100)
            try hear()
            return true
        }
        now = max(now, next)
        agent.advance(now: now)
        try hear()
        return true
    }

    /// Until nothing more is planned.
    mutating func run() throws { while try step() {} }

    /// Until an event of this type is heard.
    @discardableResult
    mutating func run(until type: String) throws -> Event {
        let heard = events.count
        while !events[heard...].contains(where: { $0.type == type }), try step() {}
        return try #require(events[heard...].first { $0.type == type }, "no \(type)")
    }

    /// Until all is done, answering every permission.
    mutating func run(deciding decision: String) throws {
        repeat {
            try run()
            guard let asked = events.last(where: { $0.type == "permission.asked" })?.data, let session = asked["sessionID"]?.string else {
                return
            }
            let id = asked["id"]?.string ?? ""
            guard try ask("POST", "/session/\(session)/permission/\(id)/reply", "{\"decision\":\"\(decision)\"}").status == 204 else {
                return
            }
        } while true
    }

    private mutating func hear() throws {
        for frame in agent.takeFrames() {
            try #require(frame.starts(with: "data: ".utf8) && frame.suffix(2) == [10, 10])
            let value = try JSON.parse(Array(frame.dropFirst(6)))
            events.append(Event(type: try #require(value["type"]?.string), value: value))
        }
    }

    /// Without neighbours that are the same: how many deltas come depends on how fast somebody speaks.
    static func folded(_ types: [String]) -> [String] {
        types.enumerated().filter { $0.offset == 0 || types[$0.offset - 1] != $0.element }.map(\.element)
    }
}
