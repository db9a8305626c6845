// A program that runs as our child: its output comes line by line on the loop, its end is told once. Letting go of this
// object does not end the child; its end is still noticed, so that no zombie stays.

public final class ChildProcess {
    public enum Stream: Sendable { case output, errors }

    /// Valid until the end was told.
    public let processID: Int32
    public private(set) var status: ChildStatus?

    /// A traced child's end is its tracer's to see first: so long after it was told, its status is asked for again.
    private static let statusPause = Duration.milliseconds(5)

    private let loop: EventLoop
    private let hasOwnGroup: Bool
    private var onExit: ((ChildStatus) -> Void)?
    private var readers: [PipeReader] = []
    private var watch: ProcessWatch?

    /// - Parameters:
    ///   - onLine: without its LF; a line longer than 64 KiB comes in pieces.
    ///   - onExit: called once, after the last line that had been written by then.
    public init(
        loop: EventLoop, _ command: ChildCommand, onLine: @escaping (Stream, [UInt8]) -> Void = { _, _ in },
        onExit: @escaping (ChildStatus) -> Void
    ) throws(SystemError) {
        self.loop = loop
        hasOwnGroup = command.hasOwnGroup
        self.onExit = onExit
        var output = try Outlet(command.output, standard: 1)
        var errors = try Outlet(command.errors, standard: 2)
        processID = try Spawn.run(command, output: output.childEnd, errors: errors.childEnd)
        do throws(SystemError) {
            if let reader = try output.reader(loop, { onLine(.output, $0) }) { readers.append(reader) }
            if let reader = try errors.reader(loop, { onLine(.errors, $0) }) { readers.append(reader) }
            watch = try ProcessWatch(loop: loop, process: processID) { self.ended() }
        } catch {
            // Nobody could watch it: it must not run on unknown.
            Processes.endAndWait(for: processID)
            for reader in readers { reader.finish() }
            throw error
        }
    }

    /// Asks it to end (SIGTERM); its whole group if it has one of its own.
    public func terminate() { send(Signals.terminate) }

    /// Ends it (SIGKILL).
    public func kill() { send(Signals.kill) }

    private func send(_ signal: Int32) {
        guard status == nil else { return }
        Processes.send(signal, to: hasOwnGroup ? -processID : processID)
    }

    private func ended() {
        guard status == nil else { return }
        if let status = (try? Processes.takeStatus(of: processID)) ?? nil { return tell(status) }
        loop.schedule(after: Self.statusPause) { self.ended() }
    }

    private func tell(_ status: ChildStatus) {
        self.status = status
        for reader in readers { reader.finish() }
        readers = []
        watch = nil
        let told = onExit
        onExit = nil
        told?(status)
    }
}

/// Where one of the child's outputs goes, with our end of the pipe if it has one.
private struct Outlet: ~Copyable {
    let childEnd: Descriptor
    private var ourEnd: Descriptor?

    init(_ output: ChildCommand.Output, standard: Int32) throws(SystemError) {
        switch output {
        case .discard: childEnd = try Processes.openNull()
        case .inherit: childEnd = try Processes.duplicate(standard)
        case .file(let path): childEnd = try Processes.openForAppending(path)
        case .lines:
            let ends = try Processes.makePipe()
            ourEnd = Descriptor(owning: ends.0)
            childEnd = Descriptor(owning: ends.1)
            return
        }
        ourEnd = nil
    }

    mutating func reader(_ loop: EventLoop, _ onLine: @escaping ([UInt8]) -> Void) throws(SystemError) -> PipeReader? {
        guard let end = ourEnd.take() else { return nil }
        return try PipeReader(loop: loop, end, onLine)
    }
}
