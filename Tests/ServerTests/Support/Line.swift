import RelayProtocol
import Wire

/// What tests look at in a line.
struct Line {
    let value: JSONValue

    init(_ text: String) throws { value = try JSON.parse(Array(text.utf8), depth: Limits.lineDepth) }
    init(_ bytes: [UInt8]) throws { value = try JSON.parse(bytes, depth: Limits.lineDepth) }

    var type: String? { value["type"]?.string }
    var at: Position? { value["at"]?.string.flatMap { Position($0) } }
    var reason: String? { value["reason"]?.string }
    var start: String? { value["start"]?.string }
    var event: String? { value.member("event").map { String(decoding: $0.raw, as: UTF8.self) } }
}

extension [String] {
    /// The payloads of the event lines among them.
    var events: [String] { compactMap { (try? Line($0))?.event } }
    var types: [String] { compactMap { (try? Line($0))?.type } }
}
