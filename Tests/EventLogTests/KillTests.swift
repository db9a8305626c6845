// P1 and P2 against kill -9: what was reported is there, what is there has no hole, and a start goes on from it.

import EventLog
import Foundation
import LogFixtures
import RelayProtocol
import TestSupport
import Testing

@Suite(.ownThread, .serialized) struct KillTests {
    @Test func `goes on from the files of a process that just stopped`() throws {
        let test = try TestLog()
        for number in 1...50 { try test.append("news", ["\(number)"]) }
        let last = try test.append("ses_1", ["1"], record: [7], key: "k", body: "b")
        let left = try TestLog(folder: try test.folder.copy())
        #expect(try left.payloads("news") == (1...50).map { "\($0)" })
        #expect(try left.read { try $0.record(try name("ses_1")) } == [7])
        #expect(try left.resume("ses_1", .at(last.last)) == .exact(after: last.last))
        #expect(
            try left.append("ses_1", ["1"], key: "k", body: "b") == Appended(first: last.first, last: last.last, count: 1, isReplay: true))
        #expect(try left.append("news", ["51"]).first.offset == 51)
    }

    @Test(.timeLimit(.minutes(2))) func `has all that was reported before a kill, and no hole`() throws {
        let folder = try TemporaryFolder()
        for round in 1...2 {
            let reports = try reportsOfKilledChild(folder, count: 400)
            #expect(reports.count >= 400)
            let test = try TestLog(folder: folder)
            for report in reports { try expectStored(report, test) }
            for topic in Set(reports.map(\.topic)) {
                let name = try name(topic)
                let page = try test.read { try $0.page(name, after: 0, maxBytes: .max, maxEvents: .max) }
                #expect(page.offsets == (1...UInt64(page.count)).map { $0 }, "\(topic) in round \(round)")
                #expect(try test.append(topic, [#"{"type":"notice"}"#]).first.offset == page.last.offset + 1)
            }
            let projected = try test.read { try SpyProjection.rows($0.database).count }
            #expect(try projected == test.lines("ses_1").count)
            test.close()
        }
    }

    private struct Report {
        var topic: String
        var first: Position
        var count: Int
        var number: Int
    }

    private func expectStored(_ report: Report, _ test: TestLog) throws {
        let name = try name(report.topic)
        let page = try test.read { try $0.page(name, after: report.first.offset - 1, maxBytes: .max, maxEvents: report.count) }
        let lines = String(decoding: page.bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == report.count)
        for (index, line) in lines.enumerated() {
            #expect(line.hasPrefix(#"{"at":"\#(Position(epoch: report.first.epoch, offset: report.first.offset + UInt64(index)))""#))
            #expect(line.contains(#"{"n":\#(report.number),"i":\#(index)}"#))
        }
    }

    /// Runs a program that appends, reads so many of its reports, kills it.
    private func reportsOfKilledChild(_ folder: TemporaryFolder, count: Int) throws -> [Report] {
        let child = Process()
        let output = Pipe()
        child.executableURL = URL(filePath: BuiltProgram.path("log-child"))
        child.arguments = ["append", folder.path]
        child.standardOutput = output
        child.standardError = FileHandle.nullDevice
        try child.run()
        var text: [UInt8] = []
        var reports: [Report] = []
        while reports.count < count, let more = try output.fileHandleForReading.read(upToCount: 1 << 16), !more.isEmpty {
            text += more
            let end = (text.lastIndex(of: 0x0A) ?? -1) + 1
            reports += text[..<end].split(separator: 0x0A).compactMap(Self.report)
            text.removeFirst(end)
        }
        kill(child.processIdentifier, SIGKILL)
        child.waitUntilExit()
        #expect(child.terminationReason == .uncaughtSignal)
        // What it had written before it died counts as reported too.
        text += (try output.fileHandleForReading.readToEnd()) ?? Data()
        return reports + text[..<((text.lastIndex(of: 0x0A) ?? -1) + 1)].split(separator: 0x0A).compactMap(Self.report)
    }

    private static func report(_ line: ArraySlice<UInt8>) -> Report? {
        let words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
        guard words.count == 5, words[0] == "reported", let first = Position(words[2]), let count = Int(words[3]),
            let number = Int(words[4])
        else { return nil }
        return Report(topic: words[1], first: first, count: count, number: number)
    }
}
