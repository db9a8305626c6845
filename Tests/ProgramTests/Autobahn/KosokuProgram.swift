// `kosoku`, a port of Autobahn's suite, as a child. `timeout` ends it when it hangs, so that it never outlives its test by much.

import Foundation
import TestSupport
import Testing

enum KosokuProgram {
    private static let patienceSeconds = 240

    /// Nil where it is not installed.
    static let file = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/kosoku" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Runs all cases but those of compression, four at once.
    static func judge(port: UInt16, report: URL) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "timeout", "\(patienceSeconds)", try #require(file), "-m", "fuzzingclient", "-p", "4", "-x", "12.*", "-x", "13.*", "-o",
            report.path,
            "127.0.0.1:\(port)",
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let ends = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in ends.continuation.finish() }
        try process.run()
        for await _ in ends.stream {}
    }
}
