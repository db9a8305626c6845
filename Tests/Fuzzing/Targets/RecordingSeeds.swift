// Recordings cut into inputs: some consecutive frames and answers, then what makes an adapter look at them.

import OpenCode
import Wire

enum RecordingSeeds {
    private static let windowBytes = 6 << 10
    private static let windows = 4

    static func windows(_ folder: String, stream: String, prefix: [UInt8]) throws -> [[UInt8]] {
        try ProtocolFolder.lines(folder).flatMap { lines in
            windows(of: inputLines(lines, stream)).map { prefix + Array($0.joined(separator: [0x0A])) }
        }
    }

    /// The same, and each window once more behind what a translator had recorded in its first half.
    static func withRecords(_ seeds: [[UInt8]], _ adapter: any UpstreamAdapter) -> [[UInt8]] {
        seeds
            + seeds.compactMap { seed in
                let lines = seed.split(separator: 0x0A).map { Array($0) }
                let (first, rest) = (lines.prefix(lines.count / 2), lines.dropFirst(lines.count / 2))
                guard let record = AdapterRun.records(after: Array(first), through: adapter).first else { return nil }
                return Array(([Array("m ".utf8) + record] + rest).joined(separator: [0x0A]))
            }
    }

    /// The first windows of a recording, each ended by a read, a list, a restart, a wake and commands.
    private static func windows(of lines: [[UInt8]]) -> [[[UInt8]]] {
        var windows: [[[UInt8]]] = [[]]
        var bytes = 0
        for line in lines where line.count < windowBytes / 2 {
            if bytes + line.count > windowBytes {
                guard windows.count < Self.windows else { break }
                windows.append([])
                bytes = 0
            }
            windows[windows.count - 1].append(line)
            bytes += line.count
        }
        let answers = CommandSeeds.answers.map { Array("a \($0)".utf8) }
        let commands = CommandSeeds.all.map { Array("c \($0)".utf8) }
        return windows.map { window in window + ["R ", "L ", "r ", "w 5000"].map { Array($0.utf8) } + answers + commands }
    }

    private static func inputLines(_ lines: [[UInt8]], _ stream: String) -> [[UInt8]] {
        var targets: [Int: String] = [:]
        return lines.compactMap { line in
            guard let value = try? JSON.parse(line, depth: 512), let on = value["on"]?.string else { return nil }
            if on == stream { return value["raw"]?.string.flatMap(frame) }
            guard on == "rest", let number = value["n"]?.int else { return nil }
            if let request = value["request"], request["method"]?.string == "GET" { targets[number] = request["path"]?.string }
            guard let target = targets[number], let response = value["response"], let status = response["status"]?.int else { return nil }
            let body = JSON.onOneLine(Array((response["body"]?.string ?? "").utf8))
            return Array("a \(target) \(status) ".utf8) + body
        }
    }

    private static func frame(_ raw: String) -> [UInt8]? {
        guard raw.hasPrefix("data: ") else { return nil }
        return Array(raw.utf8.dropFirst("data: ".utf8.count).filter { $0 != 0x0A })
    }
}
