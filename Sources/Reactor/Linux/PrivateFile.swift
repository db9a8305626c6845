// Files that only their owner may read, from their first byte on: the mode is given when they are made, not afterwards, because who has
// opened a file goes on reading it.

import Glibc

public enum PrivateFile {
    /// Makes an empty file where there is none.
    public static func make(_ path: String) throws(SystemError) -> Descriptor {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        // SAFETY: the path is copied by the call.
        return Descriptor(owning: try systemCallNow("open") { unsafe open(path, flags, 0o600) })
    }

    /// Writes a file whole or not at all, in place of what is there.
    public static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
        let part = "\(path).\(getpid()).part"
        // What a kill has left. (SAFETY, here and below: the paths are copied by the calls.)
        _ = unsafe unlink(part)
        do {
            try fill(try make(part), bytes)
            try systemCallNow("rename") { unsafe rename(part, path) }
        } catch {
            _ = unsafe unlink(part)
            throw error
        }
    }

    private static func fill(_ descriptor: consuming Descriptor, _ bytes: [UInt8]) throws(SystemError) {
        let number = descriptor.number
        var written = 0
        while written < bytes.count {
            let rest = Array(bytes[written...])
            // SAFETY: the array lives across the call and has that length.
            written += try systemCallNow("write") { unsafe Glibc.write(number, rest, rest.count) }
        }
        // A name that outlives a power cut shall not stand for nothing.
        try systemCallNow("fsync") { fsync(number) }
    }
}
