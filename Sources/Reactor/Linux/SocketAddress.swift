// Where a TCP socket is or should be: an IPv4 or IPv6 address and a port. Names are resolved elsewhere (`Connector`).

import CLinux
import Glibc

public struct SocketAddress: Sendable, Hashable {
    enum Family: Sendable { case v4, v6 }

    /// In network order; the first four bytes of an IPv4 address.
    private let bytes: InlineBytes
    let family: Family
    private let scope: UInt32
    public var port: UInt16

    private typealias InlineBytes = SIMD16<UInt8>

    /// A numeric address, an IPv6 one with or without brackets, or `localhost`, which is 127.0.0.1.
    public init?(host: String, port: UInt16) {
        let text =
            host == "localhost" ? "127.0.0.1" : host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        if let bytes = Self.parse(text, AF_INET) {
            self.init(bytes: bytes, family: .v4, scope: 0, port: port)
        } else if let bytes = Self.parse(text, AF_INET6) {
            self.init(bytes: bytes, family: .v6, scope: 0, port: port)
        } else {
            return nil
        }
    }

    /// `127.0.0.1:4100`, `[::1]:4100`, `localhost:0`.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Self.port(text[text.index(after: colon)...]) else { return nil }
        let host = text[..<colon]
        guard !host.contains(":") || host.hasPrefix("["), host.hasPrefix("[") == host.hasSuffix("]") else { return nil }
        self.init(host: String(host), port: port)
    }

    /// 127.0.0.0/8, ::1, and the former written as an IPv6 address.
    public var isLoopback: Bool {
        switch family {
        case .v4: bytes[0] == 127
        case .v6: bytes == Self.loopback6 || (isMapped && bytes[12] == 127)
        }
    }

    /// Four bytes or sixteen, in network order. An IPv4 address that came as an IPv6 one is given as the former.
    public var addressBytes: [UInt8] {
        switch family {
        case .v4: (0..<4).map { bytes[$0] }
        case .v6: (isMapped ? 12..<16 : 0..<16).map { bytes[$0] }
        }
    }

    /// Without brackets and port.
    public var host: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = family == .v4 ? AF_INET : AF_INET6
        // SAFETY: sixteen bytes are there, of which the call reads four or sixteen; it writes at most the room it is told.
        _ = unsafe withUnsafeBytes(of: bytes) { source in
            unsafe inet_ntop(family, source.baseAddress, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static let loopback6: InlineBytes = {
        var bytes = InlineBytes()
        bytes[15] = 1
        return bytes
    }()

    /// ::ffff:0:0/96 (RFC 4291, 2.5.5.2).
    private var isMapped: Bool { (0..<10).allSatisfy { bytes[$0] == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF }

    private init(bytes: InlineBytes, family: Family, scope: UInt32, port: UInt16) {
        (self.bytes, self.family, self.scope, self.port) = (bytes, family, scope, port)
    }

    private static func parse(_ text: String, _ family: Int32) -> InlineBytes? {
        var bytes = InlineBytes()
        // SAFETY: the call writes four or sixteen bytes into the sixteen that are there.
        let result = unsafe withUnsafeMutableBytes(of: &bytes) { unsafe inet_pton(family, text, $0.baseAddress) }
        return result == 1 ? bytes : nil
    }

    private static func port(_ text: Substring) -> UInt16? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt16(text) : nil
    }
}

extension SocketAddress: CustomStringConvertible {
    /// As `127.0.0.1:4100` or `[::1]:4100`.
    public var description: String { family == .v4 ? "\(host):\(port)" : "[\(host)]:\(port)" }
}

extension SocketAddress {
    /// Lends the address as the system's calls want it.
    func withSystemAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) throws(SystemError) -> Result) throws(SystemError) -> Result
    {
        var storage = sockaddr_storage()
        let length = fill(&storage)
        return try unsafe Self.lend(&storage) { pointer throws(SystemError) in try unsafe body(UnsafePointer(pointer), length) }
    }

    /// What the system answers through such a pointer.
    init?(_ answer: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) throws(SystemError) -> Void) throws(SystemError) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        try unsafe Self.lend(&storage) { pointer throws(SystemError) in try unsafe answer(pointer, &length) }
        self.init(storage)
    }

    init?(_ storage: sockaddr_storage) {
        var storage = storage
        var bytes = InlineBytes()
        switch Int32(storage.ss_family) {
        case AF_INET:
            // SAFETY: the family says which address the storage holds; it is as large as every one.
            let address = unsafe withUnsafeBytes(of: &storage) { unsafe $0.load(as: sockaddr_in.self) }
            unsafe withUnsafeBytes(of: address.sin_addr.s_addr) { for index in 0..<4 { bytes[index] = unsafe $0[index] } }
            self.init(bytes: bytes, family: .v4, scope: 0, port: UInt16(bigEndian: address.sin_port))
        case AF_INET6:
            // SAFETY: as above.
            let address = unsafe withUnsafeBytes(of: &storage) { unsafe $0.load(as: sockaddr_in6.self) }
            unsafe withUnsafeBytes(of: address.sin6_addr) { for index in 0..<16 { bytes[index] = unsafe $0[index] } }
            self.init(bytes: bytes, family: .v6, scope: address.sin6_scope_id, port: UInt16(bigEndian: address.sin6_port))
        default: return nil
        }
    }

    private func fill(_ storage: inout sockaddr_storage) -> socklen_t {
        // SAFETY: the storage is as large and as aligned as every address.
        unsafe withUnsafeMutableBytes(of: &storage) { raw in
            switch family {
            case .v4:
                var address = sockaddr_in()
                address.sin_family = sa_family_t(AF_INET)
                address.sin_port = port.bigEndian
                unsafe withUnsafeMutableBytes(of: &address.sin_addr) { for index in 0..<4 { unsafe $0[index] = bytes[index] } }
                unsafe raw.storeBytes(of: address, as: sockaddr_in.self)
                return socklen_t(MemoryLayout<sockaddr_in>.size)
            case .v6:
                var address = sockaddr_in6()
                address.sin6_family = sa_family_t(AF_INET6)
                address.sin6_port = port.bigEndian
                address.sin6_scope_id = scope
                unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { for index in 0..<16 { unsafe $0[index] = bytes[index] } }
                unsafe raw.storeBytes(of: address, as: sockaddr_in6.self)
                return socklen_t(MemoryLayout<sockaddr_in6>.size)
            }
        }
    }

    private static func lend<Result>(
        _ storage: inout sockaddr_storage, _ body: (UnsafeMutablePointer<sockaddr>) throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        // SAFETY: sockaddr is the common beginning of every address; the pointer is not used after the call.
        try unsafe withUnsafeMutablePointer(to: &storage) { pointer throws(SystemError) in
            try unsafe body(UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sockaddr.self))
        }
    }
}
