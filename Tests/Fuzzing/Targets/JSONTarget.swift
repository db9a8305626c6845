// JSON, and everything that is read out of one value: canonical form, event lines, control lines as the client reads them, commands and
// their bodies, answers, problems. Positions, names and addresses, which are no JSON, stand here too.

import RelayProtocol
import Wire

@testable import RepriseClient

enum JSONTarget {
    static let target = FuzzTarget(name: "json", isLines: true, run: run, seeds: seeds)

    @Sendable private static func run(_ input: [UInt8]) {
        var input = FuzzInput(input)
        switch input.choice(of: 7) {
        case 0: value(input.bytes)
        case 1: names(input.bytes)
        case 2: LineChecks.eventLine(input.bytes, isPlain: false)
        case 3: LineChecks.eventLine(input.bytes, isPlain: true)
        case 4: commands(input.bytes)
        case 5: LineChecks.subscriber(input.lines)
        default: answers(input.bytes)
        }
    }

    // Values.

    private static func value(_ bytes: [UInt8]) {
        guard let value = try? JSON.parse(bytes) else { return }
        walk(value, within: 0..<bytes.count, depth: 0)
        check(value.says(sameAs: value.copied()), "a copy says something else")
        let canonical = CanonicalForm.bytes(value)
        guard let again = try? JSON.parse(canonical) else { return check(false, "the canonical form \(text(canonical)) is not JSON") }
        check(CanonicalForm.bytes(again) == canonical, "the canonical form of \(text(canonical)) is another one")
        check((try? JSON.parse(JSON.onOneLine(bytes))) != nil, "not JSON on one line")
    }

    /// Ranges lie inside each other and in order, and each value stands by itself.
    private static func walk(_ value: JSONValue, within outer: Range<Int>, depth: Int) {
        check(outer.lowerBound <= value.range.lowerBound && value.range.upperBound <= outer.upperBound, "a value outside of its parent")
        check(depth <= JSON.defaultDepth, "deeper than the limit")
        _ = (value.string, value.int, value.double, value.bool, value.rawText)
        var end = value.range.lowerBound
        func next(_ child: JSONValue) {
            check(child.range.lowerBound >= end, "values overlap")
            end = child.range.upperBound
            walk(child, within: value.range, depth: depth + 1)
        }
        for item in value.items { next(item) }
        value.forEachMember { key, member in
            next(key)
            next(member)
        }
        guard depth < 3 else { return }
        let alone = try? JSON.parse(Array(value.raw))
        check(
            alone?.kind == value.kind && alone?.string == value.string && alone?.int == value.int,
            "\(text(value.raw)) alone is another value")
    }

    // What is no JSON.

    private static func names(_ bytes: [UInt8]) {
        if let position = Position(bytes) {
            check(Array(position.description.utf8) == bytes, "another text of \(position)")
            check(Position(bytes.span, at: 0) == position && position.before <= position, "\(position)")
        }
        let text = text(bytes)
        if let topic = TopicName(text) { check(topic.text.utf8.count <= Limits.topicNameBytes && !text.contains("/"), "the topic \(text)") }
        if let id = CommandID(text) { check(id.text == text, "the id \(text)") }
        LineChecks.isOneLine(ControlLine.gap(from: text, to: .origin, reason: .malformed))
        LineChecks.isOneLine(ControlLine.reply(id: text, error: Problem(.badRequest, text)))
        guard let server = ServerAddress(text) else { return }
        let again = ServerAddress("http://\(server.authority)\(server.prefix)")
        check(again == server, "\(text) is \(server), then \(String(describing: again))")
    }

    private static func commands(_ bytes: [UInt8]) {
        do {
            let command = try ClientCommand.parse(bytes)
            switch command.verb {
            case .prompt(let body): isPrompt(body)
            case .question(_, let body): isAnswer(body)
            case .stop, .permission: break
            }
        } catch {
            LineChecks.isOneLine(error.line)
        }
        if let body = try? PromptBody.parse(bytes) { isPrompt(body) }
        if let body = try? QuestionBody.parse(bytes) { isAnswer(body) }
        _ = (try? CreateBody.parse(bytes), try? StopBody.parse(bytes), try? PermissionBody.parse(bytes))
    }

    private static func isPrompt(_ body: PromptBody) {
        let parts = try? JSON.parse(body.parts)
        check(parts?.items.isEmpty == false && !body.parts.contains(0x0A), "the parts \(text(body.parts))")
        if let model = body.model { check((try? JSON.parse(model.json))?["id"]?.string == model.id, "the model \(model)") }
    }

    private static func isAnswer(_ body: QuestionBody) {
        guard let answer = body.answer else { return }
        check((try? JSON.parse(answer))?.isObject == true && !answer.contains(0x0A), "the answer \(text(answer))")
    }

    private static func answers(_ bytes: [UInt8]) {
        guard let value = try? JSON.parse(bytes, depth: Limits.lineDepth) else { return }
        if let problem = Problem(value) {
            let again = (try? JSON.parse(problem.json)).flatMap(Problem.init)
            check(again == problem, "\(problem), then \(String(describing: again))")
        }
        _ = RepriseError.from(status: 500, body: bytes)
        FoldChecks.isSound(FoldedSession(state: value))
    }

    @Sendable private static func seeds() throws -> [[UInt8]] {
        let values = try ProtocolFolder.json("vectors/canonical/values.json")["values"]?.items ?? []
        let numbers = try ProtocolFolder.json("vectors/canonical/numbers.json")["read"]?.items ?? []
        let events = try ProtocolFolder.json("vectors/lines/events.json")["lines"]?.items.compactMap { $0["line"]?.string } ?? []
        let controls = try ProtocolFolder.json("vectors/lines/controls.json")["lines"]?.items.compactMap { $0["line"]?.string } ?? []
        let positions = try ProtocolFolder.json("vectors/positions/positions.json")["good"]?.items.compactMap { $0["text"]?.string } ?? []
        let states = try ProtocolFolder.files("vectors/fold").flatMap { $0["cases"]?.items ?? [] }.compactMap { $0["state"] }
        var seeds = (values + numbers).map { [0] + Array(($0["json"]?.string ?? text($0.raw)).utf8) }
        seeds += (positions + ["http://[::1]:4100/x/", "ses_1", "builds"]).map { [1] + Array($0.utf8) }
        for line in events { seeds += [[2] + Array(line.utf8), [3] + Array(line.utf8)] }
        seeds += (controls + events).map { [5] + Array($0.utf8) }
        seeds.append([5] + Array((controls + events).joined(separator: "\n").utf8))
        seeds += states.map { [6] + Array($0.raw) }
        return seeds + CommandSeeds.all.map { [4] + Array($0.utf8) }
    }
}
