// What a figure depends on beside the programs: said with every report.

import Foundation
import Reactor

struct Machine: Codable {
    let processor: String
    let processors: Int
    let kernel: String
    /// A write of 4 KiB at the end of a file, and its `fdatasync`: the middle of 50.
    let syncMicroseconds: Double

    static func here() throws -> Machine {
        let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = info.split(separator: "\n").first { $0.hasPrefix("model name") }?.split(separator: ":").last
        let kernel = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? ""
        return Machine(
            processor: model.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown",
            processors: ProcessInfo.processInfo.processorCount, kernel: kernel.trimmingCharacters(in: .whitespacesAndNewlines),
            syncMicroseconds: try syncTime())
    }

    private static func syncTime() throws -> Double {
        let folder = try DataFolder()
        let path = folder.file("sync").path
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else {
            throw BenchFailure("\(path) cannot be written")
        }
        let block = Data(repeating: 1, count: 4096)
        let times = try (0..<50).map { _ in
            let start = ContinuousClock.now
            try file.write(contentsOf: block)
            guard fdatasync(file.fileDescriptor) == 0 else { throw BenchFailure("\(path) cannot be synced") }
            return (ContinuousClock.now - start) / .microseconds(1)
        }
        return Spread(times).median
    }

    var line: String {
        String(
            format: "%@, %d processors, Linux %@; a write and its fdatasync take %.0f µs.", processor, processors, kernel, syncMicroseconds)
    }
}
