// What one reader was told, checked line by line: every event follows on the one before it, or a line said why not.

import Broker
import RelayProtocol
import Wire

struct ReaderTrace {
    /// The position that the next event must follow on; nil until a line says it.
    private(set) var expected: Position?
    private(set) var faults: [String] = []
    private(set) var events = 0
    private var hasHello = false

    private let begins: JudgeRequest.Point

    init(expected: Position?, begins: JudgeRequest.Point) { (self.expected, self.begins) = (expected, begins) }

    mutating func take(_ line: [UInt8]) {
        guard let value = try? JSON.parse(line) else { return faults.append("not JSON: \(String(decoding: line, as: UTF8.self))") }
        if let at = value["at"]?.string.flatMap({ Position($0) }) { return takeEvent(at, value) }
        switch value["type"]?.string {
        case "hello": takeHello(value)
        case "gap": expected = value["to"]?.string.flatMap { Position($0) }
        case "snapshot": expected = value["position"]?.string.flatMap { Position($0) }
        case "heartbeat":
            if let sent = value["sent"]?.string.flatMap({ Position($0) }), let expected, sent != expected {
                faults.append("a heartbeat says that \(sent) was sent, it was \(expected)")
            }
        default: faults.append("an unknown line")
        }
    }

    private mutating func takeHello(_ value: JSONValue) {
        if hasHello { faults.append("a second hello") }
        hasHello = true
        // Who said nothing begins at the head, who said `earliest` at what is kept, which the tests' log tells as `first`.
        if expected == nil { expected = value[begins == .earliest ? "first" : "head"]?.string.flatMap { Position($0) } }
    }

    private mutating func takeEvent(_ at: Position, _ value: JSONValue) {
        if !hasHello { faults.append("an event before hello") }
        if let expected {
            let follows = at.offset == expected.offset + 1 && (at.epoch == expected.epoch || expected == .origin)
            if !follows { faults.append("\(at) does not follow on \(expected)") }
        }
        let payload = value["event"]?.string ?? ""
        if !payload.hasPrefix("\(at.epoch.random)/\(at.offset) ") { faults.append("\(at) has another one's payload") }
        expected = at
        events += 1
    }
}
