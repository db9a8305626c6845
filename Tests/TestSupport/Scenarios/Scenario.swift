// A conversation of `protocol/scenarios`, read.

import Foundation
import Wire

public struct Scenario: Sendable, CustomStringConvertible {
    public enum Step: Sendable {
        case send([UInt8])
        /// Half of a frame with this line.
        case sendTorn([UInt8])
        /// A frame with this line that takes three seconds.
        case sendSlowly([UInt8])
        case fragments([[UInt8]], ping: [UInt8]?)
        case wait(Duration)
        case silence
        case cut
        case close(UInt16)
        case stay
    }

    public struct Refusal: Sendable {
        public let status: Int
        public let headers: [(String, String)]
        public let body: [UInt8]
    }

    public struct Meeting: Sendable {
        /// What the client must present.
        public let after: String?
        public let steps: [Step]
        public let refusal: Refusal?
    }

    public struct Expectation: Sendable {
        public let events: [String]
        /// Nil where clients may differ in how often they connect.
        public let controls: [String]?
        public let ends: String?
        public let connections: Int?
        public let minimalWait: Duration?
        public let lines: [String]?
    }

    public let name: String
    public let after: String?
    public let meetings: [Meeting]
    public let expected: Expectation

    public var description: String { name }

    public struct Unreadable: Error, Sendable {
        public let what: String
    }

    public static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../protocol/scenarios").standardizedFileURL.path()

    /// Every scenario there is, by name.
    public static func all() throws -> [Scenario] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }.sorted()
        return try names.map { try Scenario(json: Array(Data(contentsOf: URL(filePath: folder + "/" + $0)))) }
    }

    public init(json: [UInt8]) throws {
        let value = try JSON.parse(json)
        guard let name = value["name"]?.string, let expect = value["expect"] else { throw Unreadable(what: "name, expect") }
        self.name = name
        after = value["after"]?.string
        meetings = try value["connections"]?.items.map(Meeting.init) ?? []
        expected = Expectation(expect)
    }
}

extension Scenario.Meeting {
    init(_ value: JSONValue) throws {
        after = value["after"]?.string
        steps = try value["steps"]?.items.map(Scenario.Step.init) ?? []
        refusal = value["refuse"].map { refusal in
            Scenario.Refusal(
                status: refusal["status"]?.int ?? 500, headers: refusal["headers"]?.members.map { ($0.key, $0.value.string ?? "") } ?? [],
                body: refusal["body"].map { Array($0.raw) } ?? [])
        }
    }
}

extension Scenario.Step {
    init(_ value: JSONValue) throws {
        guard let (word, content) = value.members.first else { throw Scenario.Unreadable(what: "an empty step") }
        switch word {
        case "send": self = .send(content.items.flatMap { Array(($0.string ?? "").utf8) + [0x0A] })
        case "send_torn": self = .sendTorn(Array((content.string ?? "").utf8) + [0x0A])
        case "send_slowly": self = .sendSlowly(Array((content.string ?? "").utf8) + [0x0A])
        case "fragments":
            self = .fragments(
                content.items.map { Array(($0.string ?? "").utf8) }, ping: value["ping_between"]?.string.map { Array($0.utf8) })
        case "wait_ms": self = .wait(.milliseconds(content.int ?? 0))
        case "silence": self = .silence
        case "cut": self = .cut
        case "close": self = .close(UInt16(content.int ?? 1000))
        case "stay": self = .stay
        default: throw Scenario.Unreadable(what: "the step \(word)")
        }
    }
}

extension Scenario.Expectation {
    init(_ value: JSONValue) {
        events = value["events"]?.items.compactMap(\.string) ?? []
        controls = value["controls"]?.items.compactMap(\.string)
        ends = value["ends"]?.string
        connections = value["connections"]?.int
        minimalWait = value["min_wait_ms"]?.int.map { .milliseconds($0) }
        lines = value["lines"]?.items.compactMap(\.string)
    }
}
