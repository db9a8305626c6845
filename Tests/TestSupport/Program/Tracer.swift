// strace in front of a program, as its detached tracer: each of its syncs is held up for a while, or fails.

import Foundation

public enum Tracer {
    /// A sync's begin and end, by the clock of the machine in seconds since 1970.
    public struct Sync: Sendable {
        public let begin: Double
        public let end: Double
        public let isFailed: Bool
    }

    public static let isThere = (try? NodeProgram.run("strace", ["-o", "/dev/null", "-e", "trace=fdatasync", "true"]).status) == 0

    /// - Parameter injection: what strace does to each sync, or (counted in each thread) to some.
    public static func command(_ injection: String, to file: String) -> [String] {
        [
            "strace", "-D", "-f", "-q", "-ttt", "-T", "-o", file, "-e", "trace=fsync,fdatasync", "-e",
            "inject=fsync,fdatasync:\(injection)",
        ] + withoutLeaks
    }

    /// LeakSanitizer stops a program by ptrace itself: under a tracer it can only fail.
    private static let withoutLeaks =
        ProcessInfo.processInfo.environment["ASAN_OPTIONS"].map { ["-E", "ASAN_OPTIONS=\($0):detect_leaks=0"] } ?? []

    /// `PID TIME fdatasync(5) = 0 (DELAYED) <0.300>`, in two lines where another thread's call comes between.
    public static func syncs(_ trace: String) -> [Sync] {
        var open: [Substring: Double] = [:]
        return trace.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 2, let time = Double(words[1]) else { return nil }
            if line.hasSuffix("<unfinished ...>") {
                open[words[0]] = time
                return nil
            }
            guard line.hasSuffix(">"), let took = words.last.flatMap({ Double($0.dropFirst().dropLast()) }) else { return nil }
            let begin = line.contains("resumed>") ? open.removeValue(forKey: words[0]) ?? time : time
            return Sync(begin: begin, end: begin + took, isFailed: line.contains(" = -1 "))
        }
    }
}
