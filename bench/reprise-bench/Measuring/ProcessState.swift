// What the kernel says of a process: its memory, and how often its threads went to sleep.

import Foundation

struct ProcessState {
    private let status: [String: Int]
    /// How often its threads have given up a processor by themselves: each time they were woken again.
    let sleeps: Int

    init(of process: Int32) throws {
        status = try Self.read("/proc/\(process)/status")
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")
        sleeps = threads.reduce(0) { sum, thread in
            sum + ((try? Self.read("/proc/\(process)/task/\(thread)/status"))?["voluntary_ctxt_switches"] ?? 0)
        }
    }

    var residentMebibytes: Double { Double(status["VmRSS"] ?? 0) / 1024 }
    var peakMebibytes: Double { Double(status["VmHWM"] ?? 0) / 1024 }
    /// What it has written to: heap and stacks, no files.
    var ownKibibytes: Double { Double(status["RssAnon"] ?? 0) }

    /// The peak begins anew.
    static func resetPeak(of process: Int32) throws {
        try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/\(process)/clear_refs"))
    }

    /// The numbers of `Name: number unit`.
    private static func read(_ path: String) throws -> [String: Int] {
        var found: [String: Int] = [:]
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            let words = line.split(whereSeparator: { ": \t".contains($0) })
            if words.count >= 2, let number = Int(words[1]) { found[String(words[0])] = number }
        }
        return found
    }
}
