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

    private(set) var agent: any SimulatedAgent
    private(set) var isUp = true
    private(set) var kills = 0
    /// By its deaths.
    private(set) var cutShort = CutShort()
    /// Sessions that were asked for past Reprise, at most so many.
    private(set) var createdDirectly = 0
    private(set) var calls: [Call] = []
    private(set) var streams: [StreamPipe] = []
    private(set) var faults: [String] = []
    private var prompts = SentPrompts()
    /// Told of each request of Reprise's when it goes out.
    var onCall: (UpstreamRequest) -> Void = { _ in }
    /// The same when it arrives, before it has done anything.
    var onArrival: (UpstreamRequest) -> Void = { _ in }
    private(set) var answered = AnsweredCards()
    /// Sessions of which words were said before the newest stream was opened.
    private(set) var unheard: Set<String> = []

    init(_ generation: ScriptedGeneration, seed: UInt64) {
        var options = ScriptedOptions(generation)
        options.seed = seed
        switch generation {
        case .first: agent = ScriptedAgent1(options: options)
        case .second: agent = ScriptedAgent2(options: options)
        }
        agent.choose = { Self.script($0) }
    }

    static let texts = [
        "A few words, and a few more of them behind.", "Let me think.", "First I look.", "Then I speak.", "I would like to change it.",
        "Now it is as it is to be.", "There is something that I do not know.", "Thank you for saying so.",
    ]

    private static func script(_ prompt: String) -> Script {
        if prompt.contains("change both") { return both }
        if prompt.contains("change") { return change }
        if prompt.contains("question") { return question }
        return prompt.contains("twice") ? two : one
    }

    private static let one = Script(rounds: [[.say(texts[0])]])
    private static let two = Script(rounds: [
        [.reason(texts[1]), .say(texts[2]), .tool(ScriptTool("read", input: #"{"path":"DIRECTORY"}"#, output: "app.py"))],
        [.say(texts[3])],
    ])
    private static let change = Script(rounds: [[.say(texts[4]), .tool(edit("app.py"))], [.say(texts[5])]])
    private static let both = Script(rounds: [[.tool(edit("app.py")), .tool(edit("README"))], [.say(texts[5])]])
    private static let question = Script(rounds: [
        [.say(texts[6]), .question(header: "Color", "Which color?", options: [ScriptOption("red", "warm"), ScriptOption("blue", "cold")])],
        [.say(texts[7])],
    ])

    private static func edit(_ file: String) -> ScriptTool {
        ScriptTool(
            "edit", input: #"{"path":"\#(file)"}"#, output: "Edited.",
            ask: ScriptTool.Ask(action: "edit", resources: [file], save: [file], metadata: #"{"file":"\#(file)"}"#))
    }

    /// Steps of an answer at most.
    static let mostSteps = 2

    /// When it speaks next by itself.
    var nextTime: Int64? { isUp ? agent.nextTime : nil }

    func advance(_ now: Int64) {
        guard isUp else { return }
        agent.advance(now: now, room: 0)
        speak()
    }

    private func speak() {
        let bytes = agent.takeFrames()
        for stream in streams { stream.bytes += bytes }
    }

    func beat(_ now: Int64) {
        guard isUp, !streams.isEmpty else { return }
        let beat = agent.heartbeat(at: now)
        for stream in streams { stream.bytes += beat }
    }

    // Calls.

    func call(_ request: UpstreamRequest, _ done: @escaping (UpstreamAnswer) -> Void) {
        onCall(request)
        calls.append(Call(request: request, done: done))
        if !isUp { calls[calls.count - 1].answer = .unreachable(mayHaveArrived: false) }
    }

    // A person at OpenCode's own terminal.

    func createDirectly(_ now: Int64) {
        createdDirectly += 1
        callDirectly(type(of: agent).creating, "{}", now)
    }

    func promptDirectly(_ session: String, _ text: String, _ now: Int64) {
        let (target, body) = type(of: agent).prompting(session, text)
        callDirectly(target, body, now)
    }

    func replyDirectly(_ card: String, _ word: String, _ now: Int64) {
        guard let session = agent.openCards[card] else { return }
        let (target, body) = type(of: agent).replying(card, of: session, word)
        callDirectly(target, body, now)
    }

    private func callDirectly(_ target: String, _ body: String, _ now: Int64) {
        guard isUp else { return }
        _ = respond(UpstreamRequest("POST", target, body: Array(body.utf8)), isOurs: false, now)
    }

    private func respond(_ request: UpstreamRequest, isOurs: Bool, _ now: Int64) -> ScriptedReply {
        agent.advance(now: now, room: 0)
        let said = type(of: agent).reply(request.method, request.target, request.body.flatMap { try? JSON.parse($0) })
        let listed = said == nil ? [:] : agent.listedCards
        let reply = agent.respond(method: request.method, target: request.target, body: request.body ?? [], now: now)
        speak()
        if let (card, said) = said, let status = Self.answer(reply)?.status, (200...299).contains(status) {
            answered.took(card, said, isOurs: isOurs, listed: listed, left: agent.listedCards)
        }
        return reply
    }

    /// The call arrives, or its answer does.
    func carryOn(_ place: Int, _ now: Int64) {
        if let answer = calls[place].answer { return calls.remove(at: place).done(answer) }
        calls[place].answer = answer(calls[place].request, now)
    }

    /// Without a way on which anything can be lost.
    func answerNow(_ request: UpstreamRequest, _ now: Int64) -> UpstreamAnswer { answer(request, now) }

    private func answer(_ request: UpstreamRequest, _ now: Int64) -> UpstreamAnswer {
        if let fault = prompts.arrived(request, at: agent) { faults.append(fault) }
        onArrival(request)
        let reply = respond(request, isOurs: true, now)
        guard let answer = Self.answer(reply) else { return .unreachable(mayHaveArrived: true) }
        prompts.answered(request, status: answer.status)
        return .answered(status: answer.status, isJSON: answer.type.hasPrefix("application/json"), headers: [], body: answer.body)
    }

    /// What comes later comes when the schedule says.
    private static func answer(_ reply: ScriptedReply) -> ScriptedAnswer? {
        switch reply {
        case .answer(let answer): answer
        case .later(_, let reply): Self.answer(reply)
        case .events, .silence, .cut: nil
        }
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
        let target = type(of: agent).streamTarget
        guard isUp, case .events(let opening) = agent.respond(method: "GET", target: target, body: [], now: now) else { return nil }
        speak()
        unheard = Set(agent.streaming)
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
        cutShort.formUnion(agent.unfinished)
        agent.die(.kill, newPID: kills + 1, now: now)
        for stream in streams { cut(stream) }
        for place in calls.indices where calls[place].answer == nil { calls[place].answer = .unreachable(mayHaveArrived: true) }
    }

    func restart() { isUp = true }
}
