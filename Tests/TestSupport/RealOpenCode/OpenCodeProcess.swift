// One life of a real server.

import Foundation
import Glibc
import Reactor

final class OpenCodeProcess: OpenCodeInstance {
    private static let startLimit = Duration.seconds(60)

    let processID: Int32
    private let thread: LoopThread
    private let ended: BlockingQueue<Void>

    /// Waits until a line begins with the announcement.
    init(_ folder: OpenCodeFolder, _ arguments: [String], announcement: String) throws {
        var command = ChildCommand(
            program: folder.launcher, arguments: arguments, environment: ["PATH": Self.searchPath], directory: folder.project)
        command.output = .lines
        command.errors = .file(folder.log)
        command.hasOwnGroup = true
        let started = BlockingQueue<Result<Int32, SystemError>>()
        let listening = BlockingQueue<Bool>()
        let ended = BlockingQueue<Void>()
        let wanted = Array(announcement.utf8)
        thread = EventLoop.spawn(name: "opencode") { [command] loop in
            do throws(SystemError) {
                let child = try ChildProcess(loop: loop, command) { _, line in
                    if line.starts(with: wanted) { listening.post(always: true) }
                } onExit: { _ in
                    listening.post(always: false)
                    ended.close()
                    loop.stop()
                }
                started.post(always: .success(child.processID))
            } catch {
                started.post(always: .failure(error))
                loop.stop()
            }
        }
        self.ended = ended
        guard let launched = started.take() else { throw RealOpenCodeError.didNotStart("no thread") }
        processID = try launched.get()
        guard listening.takeAll(within: Self.startLimit)?.first == true else {
            Glibc.kill(-processID, SIGKILL)
            throw RealOpenCodeError.didNotStart(Self.tail(of: folder.log))
        }
    }

    func send(_ signal: Int32) { _ = Glibc.kill(-processID, signal) }

    func waitForEnd() {
        _ = ended.take()
        thread.join()
    }

    private static var searchPath: String { ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin" }

    private static func tail(of log: String) -> String {
        String(decoding: (try? Data(contentsOf: URL(filePath: log)))?.suffix(2000) ?? Data(), as: UTF8.self)
    }
}
