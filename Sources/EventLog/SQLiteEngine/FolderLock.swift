// One writer for a data folder: an advisory lock that the kernel gives back when the process is gone, and the holder's pid for people.

import Glibc

struct FolderLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Takes the lock, or says who has it.
    static func take(folder: String) throws(LogError) -> FolderLock {
        let path = folder + "/lock"
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let pid = holder(descriptor)
            close(descriptor)
            throw .locked(pid: pid)
        }
        let lock = FolderLock(descriptor: descriptor)
        let line = Array("\(getpid())\n".utf8)
        // SAFETY: the array lives across the call and has that length.
        guard ftruncate(descriptor, 0) == 0, unsafe pwrite(descriptor, line, line.count, 0) == line.count else { throw failure(path) }
        return lock
    }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    private static func failure(_ path: String) -> LogError {
        errno == ENOSPC ? .diskFull : .readOnly("\(path): \(text(of: errno))")
    }

    deinit { close(descriptor) }

    private static func text(of code: Int32) -> String { unsafe String(cString: strerror(code)) }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = unsafe pread(descriptor, &bytes, bytes.count, 0)  // SAFETY: at most the array's length is written
        return Int32(String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 10 }, as: UTF8.self))
    }
}
