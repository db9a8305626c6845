// A program that runs as a child of ours. It never outlives them: it dies with the thread that started it, and with this object.

import Glibc
import Reactor

public final class RunningProgram: Sendable {
    public struct Disappointment: Error, CustomStringConvertible {
        public let what: String
        public let errors: String
        public var description: String { "\(what); standard error:\n\(errors)" }
    }

    /// Long enough for a machine that is busy with something else.
    public static let patience = Duration.seconds(60)

    public let processID: Int32
    private let patience: Duration
    private let thread: LoopThread
    private let said: ProgramOutput

    /// - Parameters:
    ///   - patience: how long a line or the end is waited for.
    ///   - onLine: is given the lines of standard output, on a thread of their own, in place of `line`.
    public init(
        _ program: String, _ arguments: [String] = [], environment: [String: String], directory: String? = nil,
        patience: Duration = RunningProgram.patience, onLine: (@Sendable (String) -> Void)? = nil
    ) throws {
        self.patience = patience
        let (said, started) = (ProgramOutput(onLine: onLine), BlockingQueue<Result<Int32, SystemError>>())
        var command = ChildCommand(
            program: "/usr/bin/setpriv", arguments: ["--pdeathsig", "KILL", program] + arguments, environment: environment,
            directory: directory)
        (command.output, command.errors) = (.lines, .lines)
        thread = EventLoop.spawn(name: "program") { [command] loop in
            do throws(SystemError) {
                let child = try ChildProcess(loop: loop, command) {
                    said.hear($0, $1)
                } onExit: {
                    said.end($0)
                }
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

    public enum Signal: Int32 {
        case kill = 9
        case terminate = 15
        case interrupt = 2
        case hangUp = 1
        case stop = 19
        case go = 18
    }

    /// Nothing, if it has ended.
    public func send(_ signal: Signal) {
        // Its number is its own until its end was told.
        said.whileRunning { _ = Glibc.kill(processID, signal.rawValue) }
    }

    /// The next line of standard output; nil when there will be none.
    public func line() throws -> String? {
        switch said.nextLine(within: patience) {
        case .text(let text): return text
        case .end: return nil
        case nil: throw disappointed("no line came")
        }
    }

    /// All that is left of standard output.
    public func rest() throws -> [String] {
        var lines: [String] = []
        while let line = try line() { lines.append(line) }
        return lines
    }

    /// What it has written to standard error so far.
    public var errors: String { said.errors }

    /// Waits until a line of standard error has this in it.
    @discardableResult
    public func error(with text: String) throws -> String {
        guard let line = said.error(with: text, within: patience) else { throw disappointed("it never said “\(text)”") }
        return line
    }

    /// How it ended; it must end by itself or by a signal that was sent.
    @discardableResult
    public func wait() throws -> ChildStatus {
        guard let status = said.waitUntilEnded(within: patience) else { throw disappointed("it did not end") }
        return status
    }

    public func disappointed(_ what: String) -> Disappointment { Disappointment(what: what, errors: errors) }
}
