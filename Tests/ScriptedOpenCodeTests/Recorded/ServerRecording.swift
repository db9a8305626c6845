// A recording of a real server (protocol/recordings): what was asked, what was answered, what the stream said, in the order of arrival.

import Foundation
import ScriptedOpenCode
import Wire

struct ServerRecording {
    enum Line {
        case frame(JSONValue)
        case request(number: Int, method: String, target: String, body: String)
        /// A request without the password.
        case intrusion(number: Int, method: String, target: String)
        case answer(number: Int, Answer)
        case note(String)
        /// The stream was opened, perhaps anew.
        case opening
    }

    struct Answer {
        let status: Int
        let headers: [String: String]
        let body: [UInt8]
        var value: JSONValue? { try? JSON.parse(body) }
    }

    let name: String
    /// With the ms since it began.
    var lines: [(time: Int, line: Line)] = []

    static func folder(_ generation: ScriptedGeneration) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../protocol/recordings/opencode\(generation.rawValue)")
    }

    init(_ name: String, _ generation: ScriptedGeneration) throws {
        self.name = name
        let stream = generation == .first ? "global" : "event"
        let bytes = try Data(contentsOf: Self.folder(generation).appending(path: name + ".ndjson"))
        for text in bytes.split(separator: 0x0A) {
            let value = try JSON.parse([UInt8](text), depth: 512)
            guard let line = try Self.line(value, stream) else { continue }
            lines.append((value["t"]?.int ?? 0, line))
        }
    }

    private static func line(_ value: JSONValue, _ stream: String) throws -> Line? {
        switch value["on"]?.string {
        case stream:
            if value["open"] != nil { return .opening }
            guard let raw = value["raw"]?.string, value["torn"] == nil, raw.hasPrefix("data: ") else { return nil }
            return .frame(try JSON.parse(Array(raw.utf8.dropFirst(6).dropLast(2)), depth: 512))
        case "note": return .note(value["text"]?.string ?? "")
        case "rest":
            let number = value["n"]?.int ?? 0
            if let asked = value["request"] { return line(number, asked) }
            guard let answer = value["response"] else { return nil }
            let headers = (answer["headers"]?.members ?? []).map { ($0.key, $0.value.string ?? "") }
            return .answer(
                number: number,
                Answer(
                    status: answer["status"]?.int ?? 0, headers: Dictionary(headers) { $1 },
                    body: Array((answer["body"]?.string ?? "").utf8)))
        default: return nil
        }
    }

    private static func line(_ number: Int, _ asked: JSONValue) -> Line {
        let (method, target) = (asked["method"]?.string ?? "", asked["path"]?.string ?? "")
        guard asked["auth"] == nil else { return .intrusion(number: number, method: method, target: target) }
        return .request(number: number, method: method, target: target, body: asked["body"]?.string ?? "")
    }
}
