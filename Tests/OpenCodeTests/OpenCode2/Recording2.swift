// A recording of a real 2.x server (protocol/recordings/opencode2): its stream's frames and what REST answered, in the order of arrival.

import Foundation
import OpenCode
import Wire

struct Recording2: Sendable {
    enum Line: Sendable {
        case frame(JSONValue)
        case opened
        /// The stream ended.
        case closed
        case request(number: Int, method: String, target: String)
        case answer(number: Int, method: String, target: String, UpstreamAnswer)
        case note(String)
    }

    let name: String
    var lines: [Line] = []

    static let folder = URL(filePath: #filePath).appending(path: "../../../../protocol/recordings/opencode2").standardized
    static let vectors = URL(filePath: #filePath).appending(path: "../../../../protocol/vectors/opencode2").standardized

    static let names: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".ndjson") }.map { String($0.dropLast(7)) }.sorted()

    init(_ name: String) throws {
        self.name = name
        var targets: [Int: (method: String, target: String)] = [:]
        for line in try Data(contentsOf: Self.folder.appending(path: name + ".ndjson")).split(separator: 0x0A) {
            let value = try JSON.parse([UInt8](line))
            switch value["on"]?.string {
            case "event": if let line = try Self.streamed(value) { lines.append(line) }
            case "rest":
                guard let number = value["n"]?.int else { continue }
                if let request = value["request"], let method = request["method"]?.string, let target = request["path"]?.string {
                    targets[number] = (method, target)
                    lines.append(.request(number: number, method: method, target: target))
                } else if let asked = targets[number] {
                    lines.append(.answer(number: number, method: asked.method, target: asked.target, Self.answer(value["response"])))
                }
            default: lines.append(.note(value["text"]?.string ?? ""))
            }
        }
    }

    private static func streamed(_ value: JSONValue) throws -> Line? {
        if value["open"] != nil { return .opened }
        if value["closed"] != nil { return .closed }
        guard let raw = value["raw"]?.string, value["torn"] == nil, raw.hasPrefix("data: ") else { return nil }
        return .frame(try JSON.parse(Array(raw.utf8.dropFirst("data: ".utf8.count).dropLast(2))))
    }

    private static func answer(_ response: JSONValue?) -> UpstreamAnswer {
        guard let response, let status = response["status"]?.int else { return .unreachable(mayHaveArrived: true) }
        let headers = (response["headers"]?.members ?? []).map { (name: $0.key, value: $0.value.string ?? "") }
        let isJSON = headers.contains { $0.name == "content-type" && $0.value.hasPrefix("application/json") }
        return .answered(status: status, isJSON: isJSON, headers: headers, body: Array((response["body"]?.string ?? "").utf8))
    }
}
