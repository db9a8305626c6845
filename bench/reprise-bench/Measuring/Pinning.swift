// Which processor the server gets and which the load generator, so that neither takes time from the other: the first and the last that this
// program may use.

import Foundation
import Reactor

struct Pinning {
    /// Nil where there is only one processor: both share it then.
    let server: Int?

    /// Moves this program, its threads to come too, to the last processor.
    static func pinned() throws -> Pinning {
        guard Processors.available > 1 else { return Pinning(server: nil) }
        let list = try allowedProcessors()
        guard let first = list.first, let last = list.last else { return Pinning(server: nil) }
        try run(["taskset", "-a", "-c", "-p", "\(last)", "\(getpid())"])
        return Pinning(server: first)
    }

    /// As `taskset` says it: `0-3,6`.
    private static func allowedProcessors() throws -> [Int] {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") }) else { return [] }
        return line.dropFirst("Cpus_allowed_list:".count).split(separator: ",").flatMap { range in
            let ends = range.split(separator: "-").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
            guard let first = ends.first, let last = ends.last else { return [Int]() }
            return Array(first...last)
        }
    }

    private static func run(_ words: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchFailure("\(words[0]) failed") }
    }
}
