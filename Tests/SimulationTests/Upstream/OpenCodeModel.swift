// OpenCode, as the scripted agent plays it: it answers what it is asked, in any order, speaks on its stream, dies and comes back. It keeps a
// record of what reached it, which nobody can talk it out of.

import OpenCode
import RelayProtocol
import Wire

@testable import ScriptedOpenCode

/// One connection's bytes from OpenCode to who follows it.
final class StreamPipe {
    var bytes: [UInt8] = []
    var isEnded = false
}

final class OpenCodeModel {
    struct Call {
        let request: UpstreamRequest
        let done: (UpstreamAnswer) -> Void
        /// On its way back.
        var answer: UpstreamAnswer?
    }

    private(set) var agent: ScriptedAgent2
    private(set) var isUp = true
    private(set) var kills = 0
    private(set) var calls: [Call] = []
    private(set) var streams: [StreamPipe] = []
    private(set) var faults: [String] = []

    init(seed: UInt64) {
        var options = ScriptedOptions(.second)
        options.seed = seed
        agent = ScriptedAgent2(options: options)
        agent.choose = { prompt in prompt.contains("twice") ? Self.two : Self.one }
    }

    private static let one = Script(rounds: [[.say("A few words, and a few more of them behind.")]])
    private static let two = Script(rounds: [
        [.reason("Let me think."), .say("First I look."), .tool(ScriptTool("read", input: #"{"path":"DIRECTORY"}"#, output: "app.py"))],
        [.say("Then I speak.")],
    ])

    /// When it speaks next by itself.
    var nextTime: Int64? { isUp ? agent.nextTime : nil }

    func advance(_ now: Int64) {
        guard isUp else { return }
        agent.advance(now: now)
        speak()
    }

    private func speak() {
        let bytes = agent.takeFrames()
        for stream in streams { stream.bytes += bytes }
    }

    func beat() { if isUp { for stream in streams { stream.bytes += Array(": heartbeat\n\n".utf8) } } }

    // Calls.

    func call(_ request: UpstreamRequest, _ done: @escaping (UpstreamAnswer) -> Void) {
        calls.append(Call(request: request, done: done))
        if !isUp { calls[calls.count - 1].answer = .unreachable(mayHaveArrived: false) }
    }

    /// Somebody else's call: a person at OpenCode's own terminal.
    func callDirectly(_ method: String, _ target: String, _ body: String, _ now: Int64) {
        guard isUp else { return }
        agent.advance(now: now)
        _ = agent.respond(method: method, target: target, body: Array(body.utf8), now: now)
        speak()
    }

    /// The call arrives, or its answer does.
    func carryOn(_ place: Int, _ now: Int64) {
        if let answer = calls[place].answer { return calls.remove(at: place).done(answer) }
        calls[place].answer = answer(calls[place].request, now)
    }

    /// Without a way on which anything can be lost.
    func answerNow(_ request: UpstreamRequest, _ now: Int64) -> UpstreamAnswer { answer(request, now) }

    private func answer(_ request: UpstreamRequest, _ now: Int64) -> UpstreamAnswer {
        inspect(request)
        agent.advance(now: now)
        let reply = agent.respond(method: request.method, target: request.target, body: request.body ?? [], now: now)
        speak()
        guard let answer = Self.answer(reply) else { return .unreachable(mayHaveArrived: true) }
        return .answered(status: answer.status, isJSON: answer.type.hasPrefix("application/json"), headers: [], body: answer.body)
    }

    /// What comes later comes when the schedule says.
    private static func answer(_ reply: ScriptedReply) -> ScriptedAnswer? {
        switch reply {
        case .answer(let answer): answer
        case .later(_, let reply): Self.answer(reply)
        case .events, .silence: nil
        }
    }

    /// P7: a prompt that was delivered must not be sent again.
    private func inspect(_ request: UpstreamRequest) {
        guard request.method == "POST", request.target.hasSuffix("/prompt"), let body = request.body.flatMap({ try? JSON.parse($0) }),
            let id = body["id"]?.string
        else { return }
        if isDelivered(id) { faults.append("P7: the prompt \(id) is sent again after it was delivered") }
    }

    func isDelivered(_ id: String) -> Bool { agent.sessions.values.contains { $0.rows.contains { $0.id == id } } }
    /// It is there, delivered or waiting.
    func count(ofPrompt id: String) -> Int {
        agent.sessions.values.reduce(0) { $0 + $1.rows.count { $0.id == id } + $1.inbox.count { $0.id == id } }
    }

    /// The connection breaks: the call may have arrived, or not.
    func lose(_ place: Int, arrives: Bool, _ now: Int64) {
        if arrives, isUp, calls[place].answer == nil { _ = answer(calls[place].request, now) }
        calls[place].answer = .unreachable(mayHaveArrived: true)
    }

    /// Whoever asked is gone: what it has sent may still arrive.
    func forgetCallers(arrives: (Call) -> Bool, _ now: Int64) {
        for call in calls where call.answer == nil && isUp && arrives(call) { _ = answer(call.request, now) }
        calls = []
        streams = []
    }

    // The stream.

    /// Nil when nobody answers.
    func follow(_ now: Int64) -> StreamPipe? {
        guard isUp, case .events(let opening) = agent.respond(method: "GET", target: "/api/event", now: now) else { return nil }
        speak()
        let stream = StreamPipe()
        stream.bytes = opening
        streams.append(stream)
        return stream
    }

    func cut(_ stream: StreamPipe) {
        stream.isEnded = true
        streams.removeAll { $0 === stream }
    }

    // Death.

    func kill(_ now: Int64) {
        isUp = false
        kills += 1
        agent.die(.kill, newPID: kills + 1, now: now)
        for stream in streams { cut(stream) }
        for place in calls.indices where calls[place].answer == nil { calls[place].answer = .unreachable(mayHaveArrived: true) }
    }

    func restart() { isUp = true }
}
