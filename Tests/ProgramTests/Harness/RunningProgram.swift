// A program that runs as a child of the tests. It never outlives them: it dies with the thread that started it, and with this object.

import Glibc
import Reactor

final class RunningProgram: Sendable {
    struct Disappointment: Error, CustomStringConvertible {
        let what: String
        let errors: String
        var description: String { "\(what); standard error:\n\(errors)" }
    }

    /// Long enough for a machine that is busy with something else.
    static let patience = Duration.seconds(60)

    let processID: Int32
    private let thread: LoopThread
    private let said: ProgramOutput

    init(_ program: String, _ arguments: [String] = [], environment: [String: String], directory: String? = nil) throws {
        let (said, started) = (ProgramOutput(), BlockingQueue<Result<Int32, SystemError>>())
        var command = ChildCommand(
            program: "/usr/bin/setpriv", arguments: ["--pdeathsig", "KILL", program] + arguments, environment: environment, directory: directory)
        (command.output, command.errors) = (.lines, .lines)
        thread = EventLoop.spawn(name: "program") { [command] loop in
            do throws(SystemError) {
                let child = try ChildProcess(loop: loop, command) { said.hear($0, $1) } onExit: { said.end($0) }
                started.post(always: .success(child.processID))
            } catch { started.post(always: .failure(error)) }
        }
        self.said = said
        guard let started = started.take() else { throw SystemError(call: "posix_spawn", code: 0) }
        processID = try started.get()
    }

    deinit {
        send(.kill)
        _ = said.waitUntilEnded(within: Self.patience)
        thread.stop()
    }

    enum Signal: Int32 { case kill = 9, terminate = 15, interrupt = 2, stop = 19, go = 18 }

    /// Nothing, if it has ended.
    func send(_ signal: Signal) {
        // Its number is its own until its end was told.
        said.whileRunning { _ = Glibc.kill(processID, signal.rawValue) }
    }

    /// The next line of standard output; nil when there will be none.
    func line() throws -> String? {
        switch said.nextLine(within: Self.patience) {
        case .text(let text): return text
        case .end: return nil
        case nil: throw disappointed("no line came")
        }
    }

    /// All that is left of standard output.
    func rest() throws -> [String] {
        var lines: [String] = []
        while let line = try line() { lines.append(line) }
        return lines
    }

    /// What it has written to standard error so far.
    var errors: String { said.errors }

    /// Waits until a line of standard error has this in it.
    @discardableResult
    func error(with text: String) throws -> String {
        guard let line = said.error(with: text, within: Self.patience) else { throw disappointed("it never said “\(text)”") }
        return line
    }

    /// How it ended; it must end by itself or by a signal that was sent.
    @discardableResult
    func wait() throws -> ChildStatus {
        guard let status = said.waitUntilEnded(within: Self.patience) else { throw disappointed("it did not end") }
        return status
    }

    func disappointed(_ what: String) -> Disappointment { Disappointment(what: what, errors: errors) }
}
