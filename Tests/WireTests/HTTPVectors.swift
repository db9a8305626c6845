// The vectors of HTTP: heads as their first line and their fields, one string each.

import Testing
import Wire

struct HTTPRequestVector: Decodable, CustomTestStringConvertible {
    let name: String
    let input: VectorBytes
    let limits: HTTPVectorLimits?
    let actions: [HTTPVectorAction]
    var testDescription: String { name }
}

struct HTTPResponseVector: Decodable, CustomTestStringConvertible {
    let name: String
    let methods: [String]
    let input: VectorBytes
    let ends: Bool?
    let limits: HTTPVectorLimits?
    let actions: [HTTPVectorAction]
    var testDescription: String { name }
}

struct HTTPVectorLimits: Decodable {
    let requestLineBytes: Int?
    let headBytes: Int?
    let headerCount: Int?
    let bodyBytes: Int?

    static func limits(_ given: HTTPVectorLimits?) -> HTTPLimits {
        var limits = HTTPLimits()
        limits.requestLineBytes = given?.requestLineBytes ?? limits.requestLineBytes
        limits.headBytes = given?.headBytes ?? limits.headBytes
        limits.headerCount = given?.headerCount ?? limits.headerCount
        limits.bodyBytes = given?.bodyBytes ?? limits.bodyBytes
        return limits
    }
}

/// What a decoder did, in the words of the vectors.
enum HTTPVectorAction: Decodable, Equatable {
    case head(line: String, fields: [String])
    case body([UInt8])
    case end
    case refuse(status: Int, code: String)
    case fail(code: String)

    private enum Key: CodingKey { case head, body, end, refuse, fail }
    private struct Head: Decodable { let line: String, fields: [String] }
    private struct Refusal: Decodable { let status: Int, code: String }

    init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        if let head = try object.decodeIfPresent(Head.self, forKey: .head) {
            self = .head(line: head.line, fields: head.fields)
        } else if let body = try object.decodeIfPresent(VectorBytes.self, forKey: .body) {
            self = .body(body.bytes)
        } else if let refusal = try object.decodeIfPresent(Refusal.self, forKey: .refuse) {
            self = .refuse(status: refusal.status, code: refusal.code)
        } else if let code = try object.decodeIfPresent(String.self, forKey: .fail) {
            self = .fail(code: code)
        } else {
            _ = try object.decode(Bool.self, forKey: .end)
            self = .end
        }
    }
}

extension [HTTPVectorAction] {
    /// Appends a refusal or failure, which a decoder repeats for ever, the first time.
    mutating func addOnce(_ action: HTTPVectorAction) {
        if last != action { append(action) }
    }

    /// Appends an action, joined to the body before it.
    mutating func add(_ action: HTTPVectorAction) {
        if case .body(let more) = action, case .body(let before) = last {
            self[count - 1] = .body(before + more)
        } else {
            append(action)
        }
    }
}

extension HTTPHeaders {
    var lines: [String] { map { "\($0.name): \($0.value)" } }
}
