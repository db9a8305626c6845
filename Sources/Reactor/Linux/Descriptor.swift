// An open file, owned. It closes when its owner lets go of it and cannot be copied, so a double close cannot be written.

import Glibc

public struct Descriptor: ~Copyable, Sendable {
    /// For a system call while the descriptor is borrowed; never to be closed or kept.
    public let number: Int32

    /// Takes over an open descriptor that nobody else will close.
    public init(owning number: Int32) {
        precondition(number >= 0, "not an open descriptor")
        self.number = number
    }

    /// Gives the number to an owner outside of Swift.
    public consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }

    deinit {
        // Never repeated: Linux has closed the descriptor even when it says EINTR, and another thread may own the number now.
        if close(number) == -1 { precondition(errno != EBADF, "closed twice") }
    }
}
