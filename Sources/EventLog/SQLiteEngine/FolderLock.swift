// One writer for a data folder: an advisory lock that the kernel gives back when the process is gone, and the holder's pid for people. A
// folder that belongs to another user is refused: what we wrote into it, its owner could not read.

import Glibc
import Reactor

struct FolderLock: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// Makes the folder if it is not there (its parent must be), and takes the lock, or says who has it.
    static func take(folder: String) throws(LogError) -> FolderLock {
        try prepare(folder)
        let path = Self.path(ofFolder: folder)
        let number = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw failure("open", path) }
        let descriptor = Descriptor(owning: number)
        guard flock(descriptor.number, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw failure("flock", path) }
            throw .locked(pid: holder(descriptor.number))
        }
        let line = Array("\(getpid())\n".utf8)
        // SAFETY: the array lives across the call and has that length.
        guard ftruncate(descriptor.number, 0) == 0, unsafe pwrite(descriptor.number, line, line.count, 0) == line.count else {
            throw failure("write", path)
        }
        return FolderLock(descriptor: descriptor)
    }

    private init(descriptor: consuming Descriptor) { self.descriptor = descriptor }

    /// Given back, not only closed: a child that is being started has a copy of every descriptor until it becomes another program.
    deinit { _ = flock(descriptor.number, LOCK_UN) }

    private static func prepare(_ folder: String) throws(LogError) {
        if unsafe mkdir(folder, 0o700) != 0, errno != EEXIST { throw failure("mkdir", folder) }
        var status = stat()
        // SAFETY: the structure lives across the call, which copies the path.
        guard unsafe stat(folder, &status) == 0 else { throw failure("stat", folder) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .readOnly("\(folder) is no folder") }
        guard status.st_uid == geteuid() else { throw .foreignFolder(folder, owner: status.st_uid) }
    }

    private static func path(ofFolder folder: String) -> String { folder + "/lock" }

    private static func failure(_ call: String, _ path: String) -> LogError { LogError(SystemError(call: call, code: errno), path) }

    /// Who holds the lock of a folder, if anybody does; nothing is made and, while the holder lives, nothing is taken.
    static func holder(ofFolder folder: String) -> Int32? {
        let number = unsafe open(path(ofFolder: folder), O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        let descriptor = Descriptor(owning: number)
        guard let pid = holder(descriptor.number), pid > 0, kill(pid, 0) == 0 || errno == EPERM else { return nil }
        // The number may be another program's by now: only the kernel knows.
        guard flock(descriptor.number, LOCK_SH | LOCK_NB) != 0 else {
            _ = flock(descriptor.number, LOCK_UN)
            return nil
        }
        return errno == EWOULDBLOCK ? pid : nil
    }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 32)
        // SAFETY: at most the array's length is written.
        let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
        return Int32(String(decoding: bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
