// A subscriber over server-sent events that a test reads line by line, keeping all of it.

import Foundation
import TestSupport
import Wire

final class TopicReader {
    struct Ended: Error {
        let after: [String]
    }

    private let stream: PlainStream
    /// Event lines as they came, with the LF that the stream leaves out.
    private(set) var lines: [String] = []
    private(set) var controls: [JSONValue] = []
    /// The payloads of the lines.
    private(set) var events: [JSONValue] = []

    init(_ relay: RelayProcess, _ path: String, after: String? = "earliest") throws {
        let query = after.map { "?after=\($0)" } ?? ""
        stream = try PlainStream.open(relay.port, "\(path)/events\(query)", headers: [relay.authorization])
        guard stream.head.status == 200 else { throw RelayProcess.Refused(status: stream.head.status, body: "") }
    }

    var position: String? {
        lines.last.map { String($0.dropFirst(7).prefix(21)) }
    }

    /// The next line; nil at the stream's end.
    @discardableResult
    func next() throws -> JSONValue? {
        guard let frame = try stream.next() else { return nil }
        let value = try JSON.parse(frame.data, depth: 1024)
        guard value["at"] != nil, let event = value["event"] else {
            controls.append(value)
            return value
        }
        lines.append(String(decoding: frame.data, as: UTF8.self) + "\n")
        events.append(event)
        return value
    }

    /// Reads on until an event is like this; those that were read before do not count.
    @discardableResult
    func until(_ isWanted: (JSONValue) throws -> Bool) throws -> JSONValue {
        while let line = try next() {
            if let event = line["event"], line["at"] != nil, try isWanted(event) { return event }
        }
        throw Ended(after: lines.suffix(5))
    }

    /// Reads on until a position; it may have been reached already.
    func until(position: String) throws {
        while (self.position ?? "") < position { guard try next() != nil else { throw Ended(after: lines.suffix(5)) } }
    }
}

extension JSONValue {
    func isEvent(_ type: String, _ member: StaticString? = nil, _ value: String = "") -> Bool {
        self["type"]?.string == type && (member == nil || member.flatMap { self[$0] }?.string == value)
    }
}
