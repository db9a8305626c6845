// The bench measures: each case, small, runs to its end against the servers that were built beside it, checks what its subscribers heard, and
// says what it found. What the figures are is not judged here.

import Foundation
import Reactor
import TestSupport
import Testing
import Wire

@Suite(.ownThread, .serialized) struct BenchTests {
    private static let program = BuiltProgram.path("reprise-bench")

    private func start(_ words: [String], _ folder: TestFolder) throws -> RunningProgram {
        try RunningProgram(Self.program, words, environment: folder.environment)
    }

    @Test(arguments: [
        ["fanout", "--subscribers", "5", "--events", "20", "--runs", "1"],
        ["fanout", "--subscribers", "5", "--events", "50", "--stream", "--batch", "10", "--runs", "1"],
        ["latency", "--subscribers", "5", "--events", "20", "--runs", "1"],
        ["append", "--mode", "flight", "--topics", "3", "--seconds", "1", "--runs", "1"],
        ["ingest", "--events", "1000", "--runs", "1"], ["ingest", "--generation", "1", "--events", "1000", "--runs", "1"],
        ["resume-storm", "--subscribers", "5", "--events", "50", "--runs", "1"],
        ["idle", "--subscribers", "5", "--seconds", "1", "--runs", "2"],
        ["open", "--events", "1000", "--opens", "2", "--runs", "1"],
    ])
    func `measures each case, however small`(_ words: [String]) throws {
        let folder = try TestFolder()
        let bench = try start(words + ["--json"], folder)
        let output = try bench.rest().joined(separator: "\n")
        #expect(try bench.wait() == .exited(0), "\(bench.errors)")
        let report = try JSON.parse(Array(output.utf8))
        let figures = report["sections"]?.items.flatMap { $0["figures"]?.items ?? [] } ?? []
        #expect(figures.count >= 2, "\(output)")
        let runs = try #require(words.firstIndex(of: "--runs").flatMap { Int(words[$0 + 1]) })
        for figure in figures { #expect(figure["values"]?["reprise"]?.items.count == runs, "\(figure["name"]?.string ?? "")") }
    }

    @Test(arguments: [
        ["fanout", "--subscribers", "0"], ["fanout", "--subscribers", "15001"], ["fanout", "--only", "nobody"],
        ["fanout", "--stream", "--batch", "0"],
        ["latency", "--rate", "0"], ["append", "--mode", "slow"], ["append", "--topics", "10001"], ["ingest", "--events", "1"],
        ["ingest", "--generation", "3"],
        ["resume-storm", "--events", "0"], ["idle", "--seconds", "0"], ["open", "--opens", "1"], ["curves", "--of", "nothing"],
        ["table", "--frob"], ["append", "--runs", "0"], ["fanout", "--bytes", "1"], ["nothing"], [],
    ])
    func `refuses a wrong command line with exit 2`(_ words: [String]) throws {
        let folder = try TestFolder()
        let bench = try start(words, folder)
        #expect(try bench.rest() == [])
        #expect(try bench.wait() == .exited(2))
        #expect(bench.errors.contains("usage"))
    }
}
