// One life of the person's background service of 2.x: started by the launcher, no child of ours, known by the file that it writes.

import Foundation
import Glibc
import Reactor
import Wire

final class OpenCodeService: OpenCodeInstance {
    let processID: Int32
    private let thread: LoopThread

    /// Sets port and password before its first start.
    static func prepare(_ folder: OpenCodeFolder, port: UInt16, password: String) throws {
        try run(folder, ["service", "set", "port", "\(port)"])
        try run(folder, ["service", "set", "password", password])
        // The file of `--opencode auto` stands in a folder named after the program; this build has another name.
        let state = folder.home + "/.local/state"
        try FileManager.default.createDirectory(atPath: state + "/shuvcode", withIntermediateDirectories: true)
        if !FileManager.default.fileExists(atPath: state + "/opencode") {
            try FileManager.default.createSymbolicLink(atPath: state + "/opencode", withDestinationPath: "shuvcode")
        }
    }

    init(_ folder: OpenCodeFolder) throws {
        try Self.run(folder, ["service", "start"])
        let bytes = try Data(contentsOf: URL(filePath: folder.home + "/.local/state/shuvcode/service.json"))
        guard let pid = try JSON.parse([UInt8](bytes))["pid"]?.int else { throw RealOpenCodeError.didNotStart("a service without a pid") }
        let processID = Int32(pid)
        self.processID = processID
        thread = EventLoop.spawn(name: "opencode-service") { loop in
            do throws(SystemError) {
                var watch: ProcessWatch?
                watch = try ProcessWatch(loop: loop, process: processID) {
                    withExtendedLifetime(watch) {}
                    loop.stop()
                }
            } catch { loop.stop() }
        }
    }

    func send(_ signal: Int32) { _ = Glibc.kill(processID, signal) }
    func waitForEnd() { thread.join() }

    private static func run(_ folder: OpenCodeFolder, _ arguments: [String]) throws {
        let words = ["--chdir=\(folder.project)", folder.launcher] + arguments
        let outcome = try NodeProgram.run("env", words)
        guard outcome.status == 0 else { throw RealOpenCodeError.preparation("\(arguments.joined(separator: " ")): \(outcome.output)") }
    }
}
