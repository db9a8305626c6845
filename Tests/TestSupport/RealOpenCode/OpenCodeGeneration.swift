// The two real servers that tests may run, each named by a variable of the environment.

import Foundation

public enum OpenCodeGeneration: String, Sendable, CaseIterable, CustomStringConvertible {
    /// 1.18
    case first = "OPENCODE1_BIN"
    /// 2.x
    case second = "OPENCODE2_BIN"

    public var description: String { self == .first ? "OpenCode 1.18" : "OpenCode 2.x" }

    /// The binary; nil where the variable is not set or names none: tests that need it are skipped.
    public var binary: String? {
        ProcessInfo.processInfo.environment[rawValue].flatMap { FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil }
    }

    /// Those that can be run here.
    public static var installed: [OpenCodeGeneration] { allCases.filter { $0.binary != nil } }

    /// What a server writes in front of its URL when it listens.
    var announcement: String { self == .first ? "opencode server listening on " : "server listening on " }
}
