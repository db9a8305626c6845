// How much processor time a process has used, all its threads together, those that have ended too.

import Foundation

struct ProcessorTime {
    /// User and system, to the nanosecond: what the scheduler has counted.
    let seconds: Double
    /// The two apart, in clock ticks, as the kernel samples them: good for shares over seconds, not for sums.
    private let ticks: (user: Double, system: Double)

    /// Nil where there is no such process.
    init?(of process: Int32) {
        var clock = clockid_t()
        var time = timespec()
        // SAFETY: both are written during the calls.
        guard unsafe clock_getcpuclockid(process, &clock) == 0, unsafe clock_gettime(clock, &time) == 0 else { return nil }
        seconds = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        // proc_pid_stat(5): the second field is a name in parentheses that may hold anything; utime is the 14th, stime the 15th.
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8), let end = stat.lastIndex(of: ")") else {
            return nil
        }
        let fields = stat[end...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return nil }
        ticks = (user, system)
    }

    /// The kernel's part of what was used since `earlier`.
    func systemShare(since earlier: ProcessorTime) -> Double {
        let (user, system) = (ticks.user - earlier.ticks.user, ticks.system - earlier.ticks.system)
        return user + system > 0 ? system / (user + system) : 0
    }
}
