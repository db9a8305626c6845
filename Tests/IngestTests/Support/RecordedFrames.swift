// The frames of a recording's stream, as they came, for both generations (protocol/recordings).

import Foundation
import OpenCode
import Testing
import Wire

struct RecordedFrames: Sendable, CustomTestStringConvertible {
    let generation: Int
    let name: String

    private static let folder = URL(filePath: #filePath).appending(path: "../../../../protocol/recordings").standardized

    static let all: [RecordedFrames] = [1, 2].flatMap { generation in
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "opencode\(generation)").path)
        return (names ?? []).filter { $0.hasSuffix(".ndjson") }.sorted().map {
            RecordedFrames(generation: generation, name: String($0.dropLast(7)))
        }
    }

    var testDescription: String { "\(generation) \(name)" }
    var adapter: any UpstreamAdapter { generation == 1 ? OpenCode1() : OpenCode2() }

    func frames() throws -> [[UInt8]] {
        let file = Self.folder.appending(path: "opencode\(generation)/\(name).ndjson")
        return try Data(contentsOf: file).split(separator: 0x0A).compactMap { line in
            let value = try JSON.parse([UInt8](line), depth: 512)
            let on = value["on"]
            guard on?.says("event") == true || on?.says("global") == true, value["torn"] == nil else { return nil }
            guard let raw = value["raw"]?.string, raw.hasPrefix("data: ") else { return nil }
            return Array(raw.utf8.dropFirst(6).dropLast(2))
        }
    }
}
