// Which process that is, even after its number was used again: the number and the time of its start.

public struct ProcessIdentity: Sendable, Hashable {
    public let processID: Int32
    /// In clock ticks since this machine started.
    public let startTicks: UInt64

    public init(processID: Int32, startTicks: UInt64) {
        self.processID = processID
        self.startTicks = startTicks
    }

    /// Of a process that runs; nil where there is none with that number.
    public init?(runningAs processID: Int32) {
        // proc_pid_stat(5): the second field is a name in parentheses that may hold anything, the 22nd the start.
        guard let bytes = try? Processes.readAll("/proc/\(processID)/stat", atMost: 4096), let end = bytes.lastIndex(of: UInt8(ascii: ")"))
        else {
            return nil
        }
        let fields = bytes[(end + 1)...].split(separator: 0x20)
        guard fields.count > 19, fields[0].first != UInt8(ascii: "Z"), let start = UInt64(String(decoding: fields[19], as: UTF8.self))
        else {
            return nil
        }
        self.init(processID: processID, startTicks: start)
    }

    /// Whether it still runs, it and not another one.
    public var isRunning: Bool { ProcessIdentity(runningAs: processID) == self }

    /// Asks it to end (SIGTERM), if it runs.
    public func terminate() { if isRunning { Processes.send(Signals.terminate, to: processID) } }

    /// Ends it (SIGKILL), if it runs.
    public func kill() { if isRunning { Processes.send(Signals.kill, to: processID) } }
}
