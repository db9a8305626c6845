// The bench's echo server as a child. It ends when its input does: when this object goes, or the tests do, however they end.

import Foundation
import TestSupport
import Testing

final class EchoProgram {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init() throws {
        process.executableURL = URL(filePath: BuiltProgram.path("reprise-bench"))
        process.arguments = ["echo"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    /// Its first line.
    func readPort() throws -> UInt16 {
        var line = Data()
        while !line.contains(0x0A) {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "the echo server ended")
            line += more
        }
        return try #require(UInt16(String(decoding: line.prefix { $0 != 0x0A }, as: UTF8.self)))
    }

    /// Its exit code.
    func end() async -> Int32 {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
