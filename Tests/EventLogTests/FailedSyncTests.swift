// One sync fails, whichever it is, and all later ones succeed: that of a commit, of a blob's piece, of rows that are tidied away, of a
// checkpoint. From then on nothing is said to be done, and what was said to be done is there after the next start.

import EventLog
import Foundation
import LogFixtures
import RelayProtocol
import TestSupport
import Testing

@Suite(.ownThread, .serialized, .enabled(if: Tracer.isThere, "no strace that may trace")) struct FailedSyncTests {
    private struct Deed {
        let number: Int
        let asked: Double
        let isDone: Bool
    }

    @Test(.timeLimit(.minutes(5))) func `after one failed sync nothing is said to be done, wherever it fails`() throws {
        var places = 0
        for failing in stride(from: 1, through: 61, by: 3) {
            let folder = try TestFolder()
            try EventLog.open(folder: folder["data"], projection: { SpyProjection() }, logger: .silent).close()
            let deeds = try Self.deeds(in: folder, failing: failing)
            let failures = Tracer.syncs(try folder.read("trace")).filter(\.isFailed)
            if let first = failures.first, let next = deeds.first(where: { $0.asked > first.end }) {
                places += 1
                let late = deeds.filter { $0.number >= next.number && $0.isDone }.map(\.number)
                #expect(late.isEmpty, "sync \(failing) failed, and then \(late) were said to be done")
            }
            try Self.expectStored(deeds, in: folder, "sync \(failing)")
        }
        #expect(places >= 12, "the syncs of a run are fewer than were tried")
    }

    private static func deeds(in folder: TestFolder, failing: Int) throws -> [Deed] {
        let words =
            Tracer.command("error=EIO:when=\(failing)", to: folder["trace"]) + [BuiltProgram.path("log-child"), "sync", folder["data"]]
        let program = try RunningProgram(words[0], Array(words[1...]), environment: folder.environment)
        let lines = try program.rest()
        _ = try program.wait()
        return lines.compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 3, let number = Int(words[0]), let asked = Double(words[1]) else { return nil }
            return Deed(number: number, asked: asked, isDone: words[2] == "done")
        }
    }

    private static func expectStored(_ deeds: [Deed], in folder: TestFolder, _ why: String) throws {
        let log = try EventLog.open(folder: folder["data"], projection: { SpyProjection() }, logger: .silent)
        defer { log.close() }
        for deed in deeds where deed.isDone && deed.number % 2 == 1 {
            let name = try name("news")
            let answer = Answer<Result<Bool, any Error>>()
            log.read { reader in
                try reader.transaction { snapshot in
                    let page = try snapshot.page(name, after: 0, maxBytes: .max, maxEvents: .max)
                    let hasEvent = String(decoding: page.bytes, as: UTF8.self).contains("{\"number\":\(deed.number),")
                    guard hasEvent, deed.number % 4 == 1 else { return hasEvent }
                    return try snapshot.blob(name, "sha256-\(deed.number)")?.bytes.count == 3 << 20
                }
            } _: {
                answer.give($0)
            }
            #expect(try answer.take().get(), "\(why): \(deed.number) was said to be done and is not there")
        }
    }
}
