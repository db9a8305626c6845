// Drives a scripted agent without a socket: asks, lets the time pass from one planned moment to the next, and reads what it says.

import ScriptedOpenCode
import Testing
import Wire

struct AgentDriver {
    struct Event {
        let type: String
        let value: JSONValue
        /// 1.18 tells what lasts twice; this is the second time.
        let isTwin: Bool
        var data: JSONValue? { value["data"] ?? value["payload"]?["properties"] ?? value["payload"]?["syncEvent"]?["data"] }
    }

    var agent: any ScriptedAgent
    var now: Int64 = 1_795_549_537_285
    private(set) var events: [Event] = []

    init(
        _ generation: ScriptedGeneration = .second, wordsPerSecond: Int = 120, _ change: (inout ScriptedOptions) -> Void = { _ in }
    ) {
        var options = ScriptedOptions(generation)
        options.wordsPerSecond = wordsPerSecond
        change(&options)
        agent = options.agent()
    }

    /// Without the twins.
    var types: [String] { events.filter { !$0.isTwin }.map(\.type) }

    private var root: String { agent.options.generation == .first ? "" : "/api" }

    @discardableResult
    mutating func ask(_ method: String, _ path: String, _ body: String = "") throws -> (status: Int, value: JSONValue?) {
        let answer = try exchange(method, root + path, body)
        return (answer.status, try? JSON.parse(answer.body))
    }

    /// An answer that comes later is waited for; meanwhile what is planned happens.
    /// - Parameter isHeard: the stream tells at once what the call caused.
    mutating func exchange(_ method: String, _ target: String, _ body: String, isHeard: Bool = true) throws -> ScriptedAnswer {
        var reply = agent.respond(method: method, target: target, body: Array(body.utf8), now: now)
        if isHeard { try hear() }
        while case .later(let milliseconds, let inner) = reply {
            try pass(milliseconds)
            reply = inner
        }
        guard case .answer(let answer) = reply else { return ScriptedAnswer(status: 200) }
        return answer
    }

    mutating func pass(_ milliseconds: Int64) throws {
        let end = now + milliseconds
        while let next = agent.nextTime, next <= end { try step() }
        now = end
    }

    mutating func newSession() throws -> String {
        let answer = try ask("POST", "/session").value
        return try #require((answer?["data"] ?? answer)?["id"]?.string)
    }

    @discardableResult
    mutating func prompt(_ session: String, _ text: String, _ more: String = "") throws -> String {
        if agent.options.generation == .first {
            let id = "msg_\(events.count)_\(now)"
            let body = "{\"messageID\":\"\(id)\",\"parts\":[{\"type\":\"text\",\"text\":\"\(text)\"}]\(more)}"
            try #require(try ask("POST", "/session/\(session)/prompt_async", body).status == 204)
            return id
        }
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
        agent.advance(now: now, room: 0)
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
            let isFirst = agent.options.generation == .first
            let path = isFirst ? "/permission/\(id)/reply" : "/session/\(session)/permission/\(id)/reply"
            let body = isFirst ? "{\"reply\":\"\(decision)\"}" : "{\"decision\":\"\(decision)\"}"
            guard try ask("POST", path, body).status < 300 else { return }
        } while true
    }

    mutating func die(_ death: ScriptedDeath, newPID: Int = 2) { agent.die(death, newPID: newPID, now: now) }

    private mutating func hear() throws {
        for frame in Self.frames(agent.takeFrames()) {
            let value = try JSON.parse(frame)
            let twin = value["payload"]?["syncEvent"]
            let type = try #require((twin ?? value["payload"] ?? value)["type"]?.string)
            events.append(Event(type: twin == nil ? type : String(type.dropLast(2)), value: value, isTwin: twin != nil))
        }
    }

    /// The data of each frame.
    static func frames(_ bytes: [UInt8]) -> [[UInt8]] {
        bytes.split(separator: 10).filter { $0.starts(with: "data: ".utf8) }.map { Array($0.dropFirst(6)) }
    }

    /// Without neighbours that are the same: how many deltas come depends on how fast somebody speaks.
    static func folded(_ types: [String]) -> [String] {
        types.enumerated().filter { $0.offset == 0 || types[$0.offset - 1] != $0.element }.map(\.element)
    }
}
