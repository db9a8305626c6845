// The demo and the scripted OpenCode beside it.

import Foundation
import Glibc
import TestSupport
import Testing

@Suite(.ownThread) struct DemoTests {
    /// The processes whose parent this is.
    private func children(of parent: Int32) throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter { child in
            // `pid (name) state parent …`
            let line = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
            let fields = line?.split(separator: ")").last?.split(separator: " ") ?? []
            return fields.count > 1 && Int32(fields[1]) == parent
        }
    }

    private func start(in folder: TestFolder) throws -> RunningProgram {
        let demo = try Reprise.start(["demo", "--listen", "127.0.0.1:0"], in: folder)
        #expect(try demo.line()?.contains("/#token=") == true)
        return demo
    }

    @Test func `ends with a sentence when its OpenCode has died`() throws {
        let folder = try TestFolder()
        let demo = try start(in: folder)
        let scripted = try children(of: demo.processID)
        try #require(scripted.count == 1)
        try #require(kill(scripted[0], SIGKILL) == 0)
        #expect(try demo.wait() == .exited(1))
        #expect(demo.errors.contains("the scripted OpenCode ended (signal 9)"))
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func `ends well when it is told to`(_ number: Int32) throws {
        let folder = try TestFolder()
        let demo = try start(in: folder)
        demo.send(try #require(RunningProgram.Signal(rawValue: number)))
        #expect(try demo.wait() == .exited(0))
        #expect(!demo.errors.contains("OpenCode ended"))
    }
}
