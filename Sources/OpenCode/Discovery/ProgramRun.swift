// Runs a program to its end, within a time, and gives what it printed: for `--version` and `service start`.

import Reactor

final class ProgramRun {
    private static let outputBytes = 64 << 10

    private let loop: EventLoop
    private var child: ChildProcess?
    private var deadline: TimerToken?
    private var output: [UInt8] = []
    private var done: ((_ status: ChildStatus?, _ output: String) -> Void)?

    /// `status` is nil where it could not be started or took too long; it is killed then. The run lives until it is over.
    static func start(
        loop: EventLoop, _ command: ChildCommand, within limit: Duration,
        _ done: @escaping (_ status: ChildStatus?, _ output: String) -> Void
    ) {
        let run = ProgramRun(loop: loop, done)
        run.start(command, limit)
    }

    private init(loop: EventLoop, _ done: @escaping (_ status: ChildStatus?, _ output: String) -> Void) {
        self.loop = loop
        self.done = done
    }

    private func start(_ command: ChildCommand, _ limit: Duration) {
        var command = command
        command.output = .lines
        command.hasOwnGroup = true
        do {
            child = try ChildProcess(loop: loop, command, onLine: { _, line in self.take(line) }, onExit: { self.end($0) })
        } catch { return end(nil) }
        deadline = loop.schedule(after: limit) { self.expire() }
    }

    private func take(_ line: [UInt8]) {
        guard output.count < Self.outputBytes else { return }
        output += line + [0x0A]
    }

    private func expire() {
        child?.kill()
        end(nil)
    }

    private func end(_ status: ChildStatus?) {
        guard let done else { return }
        self.done = nil
        // It holds us until it has ended, which may be never: a loop can end first.
        child = nil
        if let deadline { loop.cancel(deadline) }
        done(status, String(decoding: output, as: UTF8.self))
    }
}
