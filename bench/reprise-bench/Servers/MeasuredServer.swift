// A server as a child of ours, on a processor of its own, with a data folder of its own. It ends with this object, and with this program
// however that ends.

import Foundation

final class MeasuredServer {
    let kind: ServerKind
    let target: LoadTarget
    var processID: Int32 { process.processIdentifier }

    private let process = Process()
    private let input = Pipe()
    private let data: DataFolder

    /// - Parameters:
    ///   - processor: the only one that it may use; nil for any.
    ///   - openCode: the OpenCode that it follows; nil for none.
    init(_ kind: ServerKind, processor: Int?, data: DataFolder, openCode: String?) throws {
        (self.kind, self.data) = (kind, data)
        let command = kind.command(data: data, openCode: openCode)
        guard FileManager.default.isExecutableFile(atPath: command[0]) else {
            throw BenchFailure("\(command[0]) is missing: swift build -c release --product \(kind.program)")
        }
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["setpriv", "--pdeathsig", "TERM"] + (processor.map { ["taskset", "-c", "\($0)"] } ?? []) + command
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        guard let line = try LineReader(output.fileHandleForReading).next(), let target = kind.target(said: line) else {
            process.terminate()
            throw BenchFailure("\(kind.rawValue) did not say where it listens")
        }
        self.target = target
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }
}
