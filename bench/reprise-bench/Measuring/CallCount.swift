// How many system calls of some kinds a server makes, counted by the kernel's own tracepoints (`perf stat`), so that counting disturbs nothing.
// What it shows is whether the limit is one: a send a delivery where events come one by one, a sync for many appends where many are in flight.

import Foundation

final class CallCount {
    static let sends = ["sendto", "sendmsg", "sendmmsg", "write", "writev"]
    static let syncs = ["fsync", "fdatasync", "sync_file_range", "msync"]

    private let perf = Process()
    private let output = Pipe()

    /// Counts from now on. Nil where the kernel does not let us, or `perf` is missing.
    init?(_ calls: [String], process: Int32) {
        perf.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let events = calls.map { "syscalls:sys_enter_\($0)" }.joined(separator: ",")
        perf.arguments = ["perf", "stat", "-x", ",", "-e", events, "-p", "\(process)"]
        perf.standardOutput = FileHandle.nullDevice
        perf.standardError = output
        guard (try? perf.run()) != nil else { return nil }
        // It says nothing when it has begun; if it cannot, it ends at once.
        Thread.sleep(forTimeInterval: 0.2)
        guard perf.isRunning else { return nil }
    }

    /// Stops counting.
    func finish() -> Int {
        perf.interrupt()
        perf.waitUntilExit()
        // A row: the count, a unit, the event, …
        let rows = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).split(separator: "\n")
        return rows.reduce(0) { $0 + ($1.split(separator: ",").first.flatMap { Int($0) } ?? 0) }
    }
}
