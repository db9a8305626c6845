// Where all connections of a loop read into, one after another: an idle connection has no buffer. What was read is valid
// until the next read, so it is handed on as a span within the same call.

import Glibc

// SAFETY: the pointer is this object's own and never leaves it.
@safe final class ReadBuffer {
    static let size = 64 << 10

    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)

    /// Bytes received; 0 at the end, nil when there are none now.
    func receive(from descriptor: borrowing Descriptor) throws(SystemError) -> Int? {
        try unsafe Socket.receive(descriptor, into: memory)
    }

    /// The same from what is not a socket.
    func read(from descriptor: borrowing Descriptor) throws(SystemError) -> Int? {
        let number = descriptor.number
        // SAFETY: the kernel writes at most as many bytes as the buffer has.
        return try systemCall("read") { unsafe Glibc.read(number, memory.baseAddress, memory.count) }
    }

    /// Lends the first `count` bytes.
    func withBytes(_ count: Int, _ body: (Span<UInt8>) -> Void) {
        precondition(count <= Self.size)
        // SAFETY: the buffer lives as long as this object, and nobody reads into it while `body` runs: reads are made by the
        // loop's turn alone.
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: memory[..<count])
        unsafe bytes.withMemoryRebound(to: UInt8.self) { unsafe body($0.span) }
    }

    deinit { unsafe memory.deallocate() }
}
