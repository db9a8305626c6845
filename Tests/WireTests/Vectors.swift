// Reads the tables under protocol/vectors. They say what the bytes mean; the decoders are measured by them.

import Foundation

/// A file of vectors, decoded.
func vectors<Vector: Decodable>(_ path: String, of type: Vector.Type = Vector.self) throws -> [Vector] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: root.appending(path: "protocol/vectors").appending(path: path))
    return try JSONDecoder().decode(VectorFile<Vector>.self, from: data).vectors
}

private struct VectorFile<Vector: Decodable>: Decodable {
    let vectors: [Vector]
}

/// Bytes in a vector: a string, `{"hex": …}`, `{"repeat": string, "count": n}`, or a list of those.
struct VectorBytes: Decodable {
    let bytes: [UInt8]

    private enum Key: CodingKey { case hex, `repeat`, count }

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            bytes = Array(text.utf8)
        } else if let parts = try? decoder.singleValueContainer().decode([VectorBytes].self) {
            bytes = parts.flatMap(\.bytes)
        } else {
            let object = try decoder.container(keyedBy: Key.self)
            bytes = try object.contains(.hex) ? Self.hex(object) : Self.repeated(object)
        }
    }

    private static func hex(_ object: KeyedDecodingContainer<Key>) throws -> [UInt8] {
        let digits = Array(try object.decode(String.self, forKey: .hex))
        return try stride(from: 0, to: digits.count, by: 2).map { index in
            guard let byte = UInt8(String(digits[index...].prefix(2)), radix: 16) else {
                throw DecodingError.dataCorruptedError(forKey: .hex, in: object, debugDescription: "not hexadecimal")
            }
            return byte
        }
    }

    private static func repeated(_ object: KeyedDecodingContainer<Key>) throws -> [UInt8] {
        let text = try object.decode(String.self, forKey: .repeat)
        return Array(String(repeating: text, count: try object.decode(Int.self, forKey: .count)).utf8)
    }
}
