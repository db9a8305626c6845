// The servers of OpenCode that run for a home, whoever started them.

import Foundation

public enum ServerProcesses {
    /// Their process ids.
    public static func of(home: String) -> [Int32] {
        let all = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }.filter { pid in
            let command = words("/proc/\(pid)/cmdline")
            // The program has a `serve` of its own, and may be at home there too.
            guard command.contains("serve"), command.first != Reprise.program else { return false }
            return words("/proc/\(pid)/environ").contains("HOME=\(home)")
        }
        // A tool that a server has just forked looks like the server itself; it may be over before its parent is asked for.
        return all.filter { pid in parent(of: pid).map { !all.contains($0) } ?? false }.sorted()
    }

    /// Nil when it has ended.
    private static func parent(of pid: Int32) -> Int32? {
        let status = String(decoding: FileManager.default.contents(atPath: "/proc/\(pid)/status") ?? Data(), as: UTF8.self)
        let line = status.split(separator: "\n").first { $0.hasPrefix("PPid:") }
        return line.flatMap { Int32($0.dropFirst(5).trimmingCharacters(in: .whitespaces)) }
    }

    private static func words(_ path: String) -> [String] {
        (FileManager.default.contents(atPath: path) ?? Data()).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}
