// `kosoku`, a port of Autobahn's suite, as a child.

import Foundation
import TestSupport
import Testing

enum KosokuProgram {
    /// Nil where it is not installed.
    static let file = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/kosoku" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Runs all cases but those of compression, four at once.
    static func judge(port: UInt16, report: URL) throws {
        let arguments = ["-m", "fuzzingclient", "-p", "4", "-x", "12.*", "-x", "13.*", "-o", report.path, "127.0.0.1:\(port)"]
        try RunningProgram(
            try #require(file), arguments, environment: ProcessInfo.processInfo.environment, patience: .seconds(240)
        ).wait()
    }
}
