// Standard input as lines of bytes: what is no UTF-8 stays as it is, for the server to refuse. A text made of it would be another one. A line that
// is longer than an event may be, or never ends, is not held.

import Glibc
import RelayProtocol

struct InputLines {
    private static let chunk = 1 << 16
    private var bytes: ArraySlice<UInt8> = []
    /// Of `bytes`, how many are known to hold no LF.
    private var searched = 0
    private var isOver = false
    /// Of the line that is read, from 1.
    private var number = 1

    /// The next line without its LF; the last one may have none. nil at the end.
    mutating func next() throws(Failure) -> ArraySlice<UInt8>? {
        while true {
            if let end = lineEnd() {
                defer { (bytes, searched, number) = (bytes[(end + 1)...], 0, number + 1) }
                return bytes[..<end]
            }
            guard isOver else {
                if bytes.count > Limits.eventBytes {
                    throw Failure("line \(number) of standard input is longer than \(Limits.eventBytes) bytes: an event is at most that")
                }
                try read()
                continue
            }
            defer { (bytes, searched) = ([], 0) }
            return bytes.isEmpty ? nil : bytes
        }
    }

    /// A pipe that is still being written to shall not hold back the lines that are there.
    mutating func hasMore() -> Bool {
        if lineEnd() != nil { return true }
        var watched = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&watched, 1, 0) > 0  // SAFETY: one pollfd that lives across the call
    }

    private mutating func lineEnd() -> Int? {
        let end = bytes.dropFirst(searched).firstIndex(of: UInt8(ascii: "\n"))
        if end == nil { searched = bytes.count }
        return end
    }

    private mutating func read() throws(Failure) {
        var chunk = [UInt8](repeating: 0, count: Self.chunk)
        // SAFETY: at most the array's length is written.
        let count = unsafe Glibc.read(0, &chunk, chunk.count)
        guard count >= 0 || errno == EINTR else { throw Failure("standard input cannot be read", hint: "errno \(errno)") }
        isOver = count == 0
        bytes += chunk.prefix(max(0, count))
    }
}
