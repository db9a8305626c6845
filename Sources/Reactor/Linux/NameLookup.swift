// getaddrinfo. Blocks its thread.

import CLinux
import Glibc

enum NameLookup {
    static func addresses(of host: String, port: UInt16) -> Result<[SocketAddress], ResolveError> {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        // SAFETY: the list is the call's until it is freed, after its addresses have been copied.
        let code = unsafe getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else { return .failure(ResolveError(host: host, reason: unsafe String(cString: gai_strerror(code)))) }
        defer { unsafe freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var entry = unsafe list
        while let current = unsafe entry {
            if var address = unsafe SocketAddress(copying: current.pointee) {
                address.port = port
                if !found.contains(address) { found.append(address) }
            }
            unsafe entry = current.pointee.ai_next
        }
        return found.isEmpty ? .failure(ResolveError(host: host, reason: "no address")) : .success(found)
    }
}

extension SocketAddress {
    fileprivate init?(copying entry: addrinfo) {
        guard let address = unsafe entry.ai_addr else { return nil }
        var storage = sockaddr_storage()
        let length = unsafe min(Int(entry.ai_addrlen), MemoryLayout<sockaddr_storage>.size)
        // SAFETY: the entry's address is as long as it says, and the storage at least as long as what is copied.
        unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: length)) }
        self.init(storage)
    }
}
