// Where inputs begin: the vectors and recordings under protocol/, as the targets read them.

import Foundation
import Wire

struct SeedFolder {
    let path: String

    func write(_ seeds: [[UInt8]]) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for seed in seeds where seed.count <= 16 << 10 {
            let name = Hex.encode(SHA256.hash(seed))
            try Data(seed).write(to: URL(filePath: path).appending(path: name))
        }
    }
}

enum ProtocolFolder {
    private static let root = URL(filePath: #filePath).appending(path: "../../../protocol").standardized

    static func json(_ path: String) throws -> JSONValue {
        try JSON.parse([UInt8](Data(contentsOf: root.appending(path: path))))
    }

    /// The lines of each file of a folder that end so.
    static func lines(_ folder: String) throws -> [[[UInt8]]] {
        let names = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
        return try names.filter { $0.hasSuffix(".ndjson") }.sorted().map { name in
            try Data(contentsOf: root.appending(path: folder).appending(path: name)).split(separator: 0x0A).map { [UInt8]($0) }
        }
    }

    static func files(_ folder: String) throws -> [JSONValue] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path).filter { $0.hasSuffix(".json") }.sorted()
            .map { try json(folder + "/" + $0) }
    }

    /// Bytes of a vector: a string, `{"hex": …}`, `{"repeat": string, "count": n}`, or a list of those.
    static func bytes(_ value: JSONValue?) -> [UInt8] {
        guard let value else { return [] }
        if let text = value.string { return Array(text.utf8) }
        if value.isArray { return value.items.flatMap { bytes($0) } }
        if let digits = value["hex"]?.string { return Hex.decode(digits) ?? [] }
        let piece = Array((value["repeat"]?.string ?? "").utf8)
        return Array(repeatElement(piece, count: min(value["count"]?.int ?? 0, 4096)).joined())
    }
}
