// What comes from files and rows that something else may have written, or a later version: OpenCode's service file, an address, a command as the
// log has it, what ingest keeps with a session. The first byte chooses which.

import RelayProtocol

@testable import Ingest
@testable import OpenCode
@testable import Sessions

enum RecordsTarget {
    static let target = FuzzTarget(name: "records", isLines: false, run: run, seeds: seeds)

    @Sendable private static func run(_ input: [UInt8]) {
        var input = FuzzInput(input)
        let kind = input.choice(of: 4)
        let bytes = Array(input.rest)
        switch kind {
        case 0: _ = ServiceFile(bytes)
        case 1: _ = try? UpstreamEndpoint(url: String(decoding: bytes, as: UTF8.self), environment: ["OPENCODE_PASSWORD": "a password"])
        case 2: command(bytes)
        default: ingest(bytes)
        }
    }

    /// What is read is written so that it is read as the same.
    private static func command(_ bytes: [UInt8]) {
        guard let command = StoredCommand(json: bytes) else { return }
        let again = StoredCommand(json: command.json)
        check(again?.json == command.json, "the command \(String(decoding: command.json, as: UTF8.self)) is read as another")
    }

    /// An adapter's record begins with its generation, never with the sign of ingest's notes.
    private static func ingest(_ bytes: [UInt8]) {
        let record = IngestRecord(bytes)
        guard record.adapter.first != UInt8(ascii: "#") else { return }
        let again = IngestRecord(record.bytes)
        check(again.bytes == record.bytes, "the record \(String(decoding: record.bytes, as: UTF8.self)) is read as another")
    }

    @Sendable private static func seeds() -> [[UInt8]] {
        let service = #"{"id":"a","version":"2.0.14","url":"http://127.0.0.1:4096","pid":4711,"password":"secret"}"#
        let addresses = ["http://127.0.0.1:4096", "http://[::1]:80/prefix", "localhost:4096", "http://a@b:1"]
        let commands = CommandSeeds.all.compactMap { CommandReader.command(Array($0.utf8)) }
        let stored = commands.map { StoredCommand($0, turn: 3, prompt: "msg_1", generation: "2").json }
        let notes = [#"+#{"oversize":["read a"],"whole_through":"msg_1","updated":7,"read_owed":true}"# + "\n2{}", "-", "+1{}"]
        return [[0] + Array(service.utf8)] + addresses.map { [1] + Array($0.utf8) } + stored.map { [2] + $0 }
            + notes.map { [3] + Array($0.utf8) }
    }
}
