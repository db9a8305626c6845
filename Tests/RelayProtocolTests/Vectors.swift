// The files under protocol/vectors, as scanned JSON: the same that other clients run.

import Foundation
import Wire

enum Vectors {
    static func load(_ path: String) throws -> JSONValue {
        try JSON.parse([UInt8](Data(contentsOf: folder.appending(path: path))))
    }

    static func names(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: path).path).filter { $0.hasSuffix(".json") }.sorted()
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../protocol/vectors").standardized
}

/// Shorthand for tests: text as bytes, and back.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
