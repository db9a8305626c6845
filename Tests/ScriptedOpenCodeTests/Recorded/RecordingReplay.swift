// A recording run again with a scripted agent: the same calls, each when the agent has said as much as the server had. Kills and
// starts are played where the recorder did them.

import Foundation
import ScriptedOpenCode
import Testing
import Wire

struct RecordingReplay {
    let recordedCase: RecordedCase
    let generation: ScriptedGeneration
    var drive: AgentDriver
    var recorded = FrameLanes()
    var played = FrameLanes()
    /// All frames, as they came.
    private(set) var recordedFrames: [JSONValue] = []
    private(set) var playedFrames: [JSONValue] = []
    private(set) var answers:
        [(number: Int, method: String, target: String, played: ServerRecording.Answer, recorded: ServerRecording.Answer?)] = []
    private var heard = 0
    /// The server has died, and its stream is not open again.
    private var isDeaf = false

    /// Lines of two threads that are so close have no reliable order (ms).
    private static let blur = 1

    init(_ recordedCase: RecordedCase, _ generation: ScriptedGeneration) throws {
        self.recordedCase = recordedCase
        self.generation = generation
        drive = AgentDriver(generation) { recordedCase.prepare(&$0) }
        if let choose = recordedCase.choose {
            let standard = drive.agent.choose
            drive.agent.choose = { choose($0) ?? standard($0) }
        }
        recorded.normal.textLength = recordedCase.textLength
        played.normal.textLength = recordedCase.textLength
        recorded.isCounting = recordedCase.passesOver.isEmpty
        played.isCounting = recordedCase.passesOver.isEmpty
        try play(try ServerRecording(recordedCase.name, generation).without(recordedCase.passesOver))
    }

    private mutating func play(_ recording: ServerRecording) throws {
        let asked = recording.lines.filter { if case .frame = $0.line { false } else { true } }
        var rest = recording.lines.filter { if case .frame = $0.line { true } else { false } }[...]
        for (time, line) in asked {
            while let next = rest.first, next.time <= time - Self.blur || isWanted(line) && next.time <= time {
                if case .frame(let frame) = next.line { recorded.add(frame, generation) }
                rest.removeFirst()
            }
            try catchUp()
            // What a server does beside a turn is done soon.
            if rest.isEmpty { try drive.pass(100) }
            try act(line)
        }
        for (_, line) in rest { if case .frame(let frame) = line { recorded.add(frame, generation) } }
        for (_, line) in recording.lines { if case .frame(let frame) = line { recordedFrames.append(frame) } }
        try drive.run()
        hear()
    }

    /// A call that names what has not been said yet: a card that is answered at once.
    private func isWanted(_ line: ServerRecording.Line) -> Bool {
        guard case .request(_, _, let target, let body) = line else { return false }
        var isMissing = false
        _ = IDNames.replacing(target + body) { id in
            if recorded.normal.names.known(id) == nil { isMissing = true }
            return id
        }
        return isMissing
    }

    /// Until the agent has said as much as the server.
    private mutating func catchUp() throws {
        while played.isBehind(recorded), try drive.step() { hear() }
        hear()
    }

    private mutating func hear() {
        if isDeaf { heard = drive.events.count }
        for event in drive.events[heard...] {
            playedFrames.append(event.value)
            played.add(event.value, generation)
        }
        heard = drive.events.count
    }

    private mutating func act(_ line: ServerRecording.Line) throws {
        switch line {
        case .frame: break
        case .note(let text):
            if text.hasPrefix("kill -9") { die(.kill) }
            if text.hasPrefix("kill -15") { die(.terminate) }
        case .opening: try listen()
        case .intrusion(let number, let method, let target):
            let status = drive.agent.admits(target: target, authorization: nil) ? 200 : 401
            answers.append((number, method, target, ServerRecording.Answer(status: status, headers: [:], body: []), nil))
        case .answer(let number, let answer): learn(number, answer)
        case .request(let number, let method, let target, let body):
            try ask(number, method, target, body)
        }
    }

    private mutating func die(_ death: ScriptedDeath) {
        drive.die(death)
        isDeaf = true
    }

    /// By the time that somebody listens again a service has taken up what ran.
    private mutating func listen() throws {
        guard isDeaf else { return }
        try drive.pass(20)
        hear()
        isDeaf = false
    }

    private mutating func ask(_ number: Int, _ method: String, _ target: String, _ body: String) throws {
        let moment = recordedCase.moments[number]
        if moment == .late { try drive.step() }
        hear()
        while played.normal.names.needs(target + body, recorded.normal.names), try drive.step() { hear() }
        let translatedTarget = translated(target)
        let answer = try drive.exchange(method, translatedTarget, translated(body), isHeard: moment != .unheard)
        hear()
        let said = ServerRecording.Answer(status: answer.status, headers: answer.headers, body: answer.body)
        answers.append((number, method, target, said, nil))
        // Ids that only the answer names, in the order of the server's.
        if let last = answers.last, Self.teaches(last), let value = said.value { _ = played.normal.text(value, about: translatedTarget) }
    }

    private mutating func learn(_ number: Int, _ answer: ServerRecording.Answer) {
        guard let place = answers.firstIndex(where: { $0.number == number }) else { return }
        answers[place].recorded = answer
        if Self.teaches(answers[place]), let value = answer.value { _ = recorded.normal.text(value, about: answers[place].target) }
    }

    /// Whether ids are told by the answer alone.
    private static func teaches(
        _ answer: (number: Int, method: String, target: String, played: ServerRecording.Answer, recorded: ServerRecording.Answer?)
    )
        -> Bool
    {
        answer.method == "POST" || answer.target.hasSuffix("/permission/saved") || answer.target.contains("/message?limit=2")
    }

    /// The recorded server's ids put into ours; those that nobody has made stay.
    func translated(_ text: String) -> String {
        IDNames.replacing(translatedCursor(text)) { id in recorded.normal.names.known(id).flatMap { played.normal.names.id($0) } ?? id }
    }

    /// A cursor has an id inside.
    private func translatedCursor(_ target: String) -> String {
        for mark in ["cursor=", "before="] {
            guard let found = target.range(of: mark) else { continue }
            let cursor = target[found.upperBound...].prefix { $0 != "&" }
            guard let bytes = Base64.decode(String(cursor), alphabet: .url), let value = try? JSON.parse(bytes) else { continue }
            let inner = String(decoding: (value["anchor"] ?? value).raw, as: UTF8.self)
            let ours = IDNames.replacing(inner) { id in recorded.normal.names.known(id).flatMap { played.normal.names.id($0) } ?? id }
            return target.replacing(cursor, with: Base64.encode(Array(ours.utf8), alphabet: .url))
        }
        return target
    }
}

extension IDNames {
    /// Whether a text of the other side names something that has no counterpart here yet.
    func needs(_ text: String, _ other: IDNames) -> Bool {
        var isMissing = false
        _ = IDNames.replacing(text) { id in
            if let name = other.known(id), self.id(name) == nil { isMissing = true }
            return id
        }
        return isMissing
    }
}
