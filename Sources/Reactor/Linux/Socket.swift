// The socket calls, each in one place. Everything is non-blocking and close-on-exec from its first moment.

import CLinux
import Glibc

enum Socket {
    private static let stream = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

    static func make(for address: SocketAddress) throws(SystemError) -> Descriptor {
        let family = address.family == .v4 ? AF_INET : AF_INET6
        return Descriptor(owning: try systemCallNow("socket") { socket(family, stream, 0) })
    }

    /// A peer acknowledges every second segment at once and one alone after 40 ms. Loopback's segments are of 64 KiB, so that a send buffer
    /// bounded to 32 KiB never holds two: 2 MB/s, where smaller segments give more than 1,000. No network's segments are as large as these.
    private static let largestSegment: Int32 = 8192

    /// Never with SO_REUSEPORT: closing such a listener resets what waits in its backlog.
    static func listen(on address: SocketAddress, backlog: Int) throws(SystemError) -> Descriptor {
        let descriptor = try make(for: address)
        try set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        try set(descriptor, Int32(IPPROTO_TCP), TCP_MAXSEG, largestSegment)
        let number = descriptor.number
        // SAFETY: the kernel copies the address during the call.
        try unsafe address.withSystemAddress { pointer, length throws(SystemError) in
            _ = try systemCallNow("bind") { unsafe bind(number, pointer, length) }
        }
        try systemCallNow("listen") { Glibc.listen(number, Int32(clamping: backlog)) }
        return descriptor
    }

    /// Nil when nobody waits.
    static func accept(_ listener: borrowing Descriptor) throws(SystemError) -> Descriptor? {
        let number = listener.number
        let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard let accepted = try systemCall("accept4", { accept4(number, nil, nil, flags) }) else { return nil }
        return Descriptor(owning: accepted)
    }

    /// Whether it is connected already; otherwise it becomes writable when that is decided.
    static func connect(_ descriptor: borrowing Descriptor, to address: SocketAddress) throws(SystemError) -> Bool {
        let number = descriptor.number
        // SAFETY: the kernel copies the address during the call.
        return try unsafe address.withSystemAddress { pointer, length throws(SystemError) in
            try systemCall("connect") { unsafe Glibc.connect(number, pointer, length) } != nil
        }
    }

    /// Bytes received; 0 at the end, nil when there are none now.
    static func receive(_ descriptor: borrowing Descriptor, into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int? {
        let number = descriptor.number
        // SAFETY: the kernel writes at most as many bytes as the buffer has.
        return try systemCall("recv") { unsafe recv(number, buffer.baseAddress, buffer.count, 0) }
    }

    /// Bytes taken by the kernel; nil when it takes none now.
    static func send(_ descriptor: borrowing Descriptor, _ bytes: Span<UInt8>) throws(SystemError) -> Int? {
        let number = descriptor.number
        // SAFETY: the kernel copies the bytes during the call; pointer and length are the span's.
        return try unsafe bytes.withUnsafeBufferPointer { buffer throws(SystemError) in
            try systemCall("send") { unsafe Glibc.send(number, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL)) }
        }
    }

    /// Both parts in one call.
    static func send(_ descriptor: borrowing Descriptor, _ a: Span<UInt8>, _ b: Span<UInt8>) throws(SystemError) -> Int? {
        if b.isEmpty { return try send(descriptor, a) }
        let number = descriptor.number
        // SAFETY: the kernel copies the bytes during the call; pointers and lengths are the spans'. It only reads through the
        // mutable pointers that the C type asks for.
        return try unsafe a.withUnsafeBufferPointer { a throws(SystemError) in
            try unsafe b.withUnsafeBufferPointer { b throws(SystemError) in
                var parts = unsafe (
                    iovec(iov_base: UnsafeMutableRawPointer(mutating: a.baseAddress), iov_len: a.count),
                    iovec(iov_base: UnsafeMutableRawPointer(mutating: b.baseAddress), iov_len: b.count)
                )
                return try unsafe withUnsafeMutableBytes(of: &parts) { parts throws(SystemError) in
                    var message = unsafe msghdr()
                    unsafe message.msg_iov = parts.baseAddress?.assumingMemoryBound(to: iovec.self)
                    unsafe message.msg_iovlen = 2
                    return try systemCall("sendmsg") { unsafe sendmsg(number, &message, Int32(MSG_NOSIGNAL)) }
                }
            }
        }
    }

    /// The peer reads to the end of what was sent; a peer that is gone does not matter here.
    static func shutdownWrite(_ descriptor: borrowing Descriptor) {
        _ = shutdown(descriptor.number, Int32(SHUT_WR))
    }

    /// Takes the error that the kernel keeps for the socket.
    static func takeError(_ descriptor: borrowing Descriptor, of call: String) -> SystemError? {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        // SAFETY: the kernel writes four bytes during the call.
        _ = unsafe getsockopt(descriptor.number, SOL_SOCKET, SO_ERROR, &code, &length)
        return code == 0 ? nil : SystemError(call: call, code: code)
    }

    static func setNoDelay(_ descriptor: borrowing Descriptor) throws(SystemError) {
        try set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    }

    /// The kernel doubles the number, for its own bookkeeping.
    static func setSendBuffer(_ descriptor: borrowing Descriptor, bytes: Int) throws(SystemError) {
        try set(descriptor, SOL_SOCKET, SO_SNDBUF, Int32(clamping: bytes))
    }

    static func setReceiveBuffer(_ descriptor: borrowing Descriptor, bytes: Int) throws(SystemError) {
        try set(descriptor, SOL_SOCKET, SO_RCVBUF, Int32(clamping: bytes))
    }

    /// What the kernel took and the peer's has not acknowledged.
    static func unacknowledgedBytes(_ descriptor: borrowing Descriptor) throws(SystemError) -> Int? {
        let number = descriptor.number
        var count: Int32 = 0
        // SAFETY: the kernel writes four bytes during the call.
        try systemCallNow("ioctl") { unsafe ioctl(number, UInt(SIOCOUTQ), &count) }
        return Int(count)
    }

    static func peerSigns(_ descriptor: borrowing Descriptor) throws(SystemError) -> PeerSigns? {
        let number = descriptor.number
        var info = linux_tcp_info()
        var length = socklen_t(MemoryLayout<linux_tcp_info>.size)
        // SAFETY: the kernel writes at most as much as the length says.
        try systemCallNow("getsockopt") { unsafe getsockopt(number, Int32(IPPROTO_TCP), TCP_INFO, &info, &length) }
        return PeerSigns(
            acknowledgedBytes: info.bytes_acked, silence: .milliseconds(Int(info.last_ack_recv)),
            unansweredQuestions: Int(info.retransmits) + Int(info.probes))
    }

    /// Closing then resets the connection.
    static func setResetOnClose(_ descriptor: borrowing Descriptor) throws(SystemError) {
        try set(descriptor, SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0))
    }

    static func localAddress(_ descriptor: borrowing Descriptor) throws(SystemError) -> SocketAddress? {
        let number = descriptor.number
        // SAFETY: the kernel writes at most as much as the length says.
        return try unsafe SocketAddress { pointer, length throws(SystemError) in
            _ = try systemCallNow("getsockname") { unsafe getsockname(number, pointer, length) }
        }
    }

    static func peerAddress(_ descriptor: borrowing Descriptor) throws(SystemError) -> SocketAddress? {
        let number = descriptor.number
        // SAFETY: as above.
        return try unsafe SocketAddress { pointer, length throws(SystemError) in
            _ = try systemCallNow("getpeername") { unsafe getpeername(number, pointer, length) }
        }
    }

    private static func set<Value: BitwiseCopyable>(_ descriptor: borrowing Descriptor, _ level: Int32, _ name: Int32, _ value: Value)
        throws(SystemError)
    {
        let number = descriptor.number
        var value = value
        let size = socklen_t(MemoryLayout<Value>.size)
        // SAFETY: the kernel copies the value, of that size, during the call.
        try systemCallNow("setsockopt") { unsafe setsockopt(number, level, name, &value, size) }
    }
}
