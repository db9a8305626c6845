// A recorded scenario as something to be done again: the calls that were made, each with what had been heard before it, and what was done
// besides.

import Foundation
import TestSupport
import Wire

struct RecordedScenario: Sendable {
    struct Call: Sendable {
        let method: String
        let target: String
        let body: String
        let isAuthorized: Bool
        let moment: Moment
        /// What it was answered; nil without an answer.
        var status: Int?
        var answer: JSONValue?
        /// The next call was made before this one was answered.
        var isOverlapped = false
    }

    /// When something was done.
    struct Moment: Sendable {
        /// Of each session: what had happened.
        let counts: [String: [String: Int]]
        let busy: Set<String>

        init(_ heard: StreamTally) {
            counts = heard.sessions.mapValues(\.counts)
            busy = Set(heard.sessions.filter(\.value.isBusy).keys)
        }
    }

    enum Step: Sendable {
        case call(Call)
        case note(String, Moment)
    }

    let name: String
    private(set) var steps: [Step] = []
    /// All that its stream told.
    private(set) var heard: StreamTally

    var end: Moment { Moment(heard) }

    init(_ name: String, _ generation: OpenCodeGeneration) throws {
        self.name = name
        heard = StreamTally(generation)
        let lines = try Data(contentsOf: Self.folder(generation).appending(path: name + ".ndjson")).split(separator: 0x0A)
            .map { try JSON.parse([UInt8]($0), depth: 512) }
        var frames = try lines.compactMap(Self.frame)[...]
        var answers: [Int: JSONValue] = [:]
        for line in lines where line["response"] != nil { answers[line["n"]?.int ?? 0] = line }
        for line in lines {
            let (at, isNote) = (line["t"]?.int ?? 0, line["on"]?.string == "note")
            guard isNote || line["request"] != nil else { continue }
            while let next = frames.first, next.at < at { heard.hear(frames.removeFirst().frame) }
            if let text = line["text"]?.string, isNote {
                steps.append(.note(text, Moment(heard)))
            } else {
                add(line, at, answers[line["n"]?.int ?? 0])
            }
        }
        for frame in frames { heard.hear(frame.frame) }
    }

    private static func frame(_ line: JSONValue) throws -> (at: Int, frame: JSONValue)? {
        guard let raw = line["raw"]?.string, line["torn"] == nil, raw.hasPrefix("data: "), ["global", "event"].contains(line["on"]?.string)
        else {
            return nil
        }
        return (line["t"]?.int ?? 0, try JSON.parse(Array(raw.utf8.dropFirst(6).dropLast(2)), depth: 512))
    }

    private mutating func add(_ line: JSONValue, _ at: Int, _ answer: JSONValue?) {
        guard let request = line["request"] else { return }
        var call = Call(
            method: request["method"]?.string ?? "", target: request["path"]?.string ?? "", body: request["body"]?.string ?? "",
            isAuthorized: line["auth"] == nil, moment: Moment(heard))
        call.status = answer?["response"]?["status"]?.int
        call.answer = answer?["response"]?["body"]?.string.flatMap { try? JSON.parse(Array($0.utf8), depth: 512) }
        if let place = steps.indices.last, case .call(var before) = steps[place], before.method != "GET", at < (answeredAt[place] ?? .max) {
            before.isOverlapped = true
            steps[place] = .call(before)
        }
        answeredAt[steps.count] = answer?["t"]?.int
        steps.append(.call(call))
    }

    /// When each step was answered (ms).
    private var answeredAt: [Int: Int] = [:]

    static func folder(_ generation: OpenCodeGeneration) -> URL {
        URL(filePath: #filePath).appending(path: "../../../../protocol/recordings/opencode\(generation == .first ? 1 : 2)").standardized
    }

    static func names(_ generation: OpenCodeGeneration) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder(generation).path)) ?? [])
            .filter { $0.hasSuffix(".ndjson") }.map { String($0.dropLast(7)) }.sorted()
    }
}
