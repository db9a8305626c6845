// Processes of this machine as the kernel knows them: a descriptor that tells of a process's end, its status, its start.

import CLinux
import Glibc

enum Processes {
    /// Readable when the process has ended. Refers to this process even if its number is used again.
    static func descriptor(of process: Int32) throws(SystemError) -> Descriptor {
        Descriptor(owning: try systemCallNow("pidfd_open") { pidfd_open(process, 0) })
    }

    /// Of a child; nil while it runs. To be asked once: afterwards the number is free for others.
    static func takeStatus(of child: Int32) throws(SystemError) -> ChildStatus? {
        var status: Int32 = 0
        // SAFETY: the status is written during the call.
        let found = try systemCallNow("waitpid") { unsafe waitpid(child, &status, WNOHANG) }
        guard found == child else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }

    /// Kills a child and takes its status.
    static func endAndWait(for child: Int32) {
        send(SIGKILL, to: child)
        _ = try? systemCallNow("waitpid") { waitpid(child, nil, 0) }
    }

    /// - Parameter process: negative for a whole group.
    static func send(_ signal: Int32, to process: Int32) {
        _ = Glibc.kill(process, signal)
    }

    static func makePipe() throws(SystemError) -> (Int32, Int32) {
        var ends: (Int32, Int32) = (-1, -1)
        // SAFETY: two numbers are written, for which the tuple has room.
        try unsafe withUnsafeMutableBytes(of: &ends) { raw throws(SystemError) in
            _ = try systemCallNow("pipe2") { unsafe pipe2(raw.baseAddress?.assumingMemoryBound(to: Int32.self), O_CLOEXEC) }
        }
        return ends
    }

    static func setNonBlocking(_ descriptor: borrowing Descriptor) throws(SystemError) {
        let number = descriptor.number
        try systemCallNow("fcntl") { fcntl(number, F_SETFL, O_NONBLOCK) }
    }

    /// For writing at the end; made if it is missing, readable by its owner only.
    static func openForAppending(_ path: String) throws(SystemError) -> Descriptor {
        Descriptor(owning: try systemCallNow("open") { unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) })
    }

    static func openNull() throws(SystemError) -> Descriptor {
        Descriptor(owning: try systemCallNow("open") { unsafe open("/dev/null", O_WRONLY | O_CLOEXEC) })
    }

    static func duplicate(_ number: Int32) throws(SystemError) -> Descriptor {
        Descriptor(owning: try systemCallNow("fcntl") { fcntl(number, F_DUPFD_CLOEXEC, 3) })
    }

    /// The rest of a short file, such as those in /proc.
    static func readAll(_ path: String, atMost limit: Int) throws(SystemError) -> [UInt8] {
        let descriptor = Descriptor(owning: try systemCallNow("open") { unsafe open(path, O_RDONLY | O_CLOEXEC) })
        let number = descriptor.number
        var bytes = [UInt8](repeating: 0, count: limit)
        // SAFETY: the array has room for what is asked for.
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(SystemError) in try systemCallNow("read") { unsafe read(number, buffer.baseAddress, buffer.count) } }
        }
        return Array(bytes[..<(try count.get())])
    }
}
