// A Python that has the library `websockets`: somebody else's WebSocket, on either side.

import Foundation
import TestSupport

enum PythonProgram {
    /// Nil where there is none: tests that need it are skipped.
    static let path: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/python3" }
        .filter(FileManager.default.isExecutableFile).first { (try? NodeProgram.run($0, ["-c", "import websockets"]))?.status == 0 }

    /// Starts a script of this folder.
    static func start(_ script: String, _ arguments: [String], in folder: TestFolder) throws -> RunningProgram {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: script).path
        return try RunningProgram(path ?? "python3", ["-u", file] + arguments, environment: folder.environment)
    }
}
