// How many calls a server makes to send, counted by strace. It slows a server down many times over, so it is a run of its own; what it shows
// is whether the limit is one: a send a delivery where events come one by one, and fewer in a stream.

import Foundation

final class SendCount {
    private static let calls: Set = ["sendto", "sendmsg", "sendmmsg", "write", "writev"]

    private let strace = Process()
    private let file = FileManager.default.temporaryDirectory.appendingPathComponent("reprise-bench-\(UUID().uuidString).strace")

    /// Counts from now on.
    init(process: Int32) throws {
        let messages = Pipe()
        strace.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        strace.arguments = [
            "strace", "-f", "-c", "-e", "trace=\(Self.calls.sorted().joined(separator: ","))", "-o", file.path, "-p", "\(process)",
        ]
        strace.standardError = messages
        try strace.run()
        // It says so when it has every thread.
        let said = try LineReader(messages.fileHandleForReading).next() ?? "nothing"
        guard said.contains("attached") else { throw BenchFailure("strace cannot count: \(said)") }
    }

    /// Stops counting.
    func finish() throws -> Int {
        strace.interrupt()
        strace.waitUntilExit()
        defer { try? FileManager.default.removeItem(at: file) }
        // A row of its table: % time, seconds, usecs/call, calls, errors (may be empty), the call's name.
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").reduce(0) { sum, row in
            let columns = row.split(separator: " ")
            guard columns.count >= 5, let name = columns.last, Self.calls.contains(String(name)), let count = Int(columns[3]) else {
                return sum
            }
            return sum + count
        }
    }
}
