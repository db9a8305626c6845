// A peer whose machine is gone: its kernel drops whatever comes, so that nothing is acknowledged any more.

import Glibc

@testable import Reactor

extension Connection {
    func goDeaf() {
        // One instruction of a socket filter: keep no byte of it (BPF_RET | BPF_K, 0).
        var instruction: UInt64 = 0x06
        _ = try? withDescriptor { descriptor throws(SystemError) in
            let number = descriptor.number
            // SAFETY: the kernel copies the program, one instruction behind the pointer, during the call.
            let result = unsafe withUnsafeMutablePointer(to: &instruction) { pointer in
                var program = unsafe (length: UInt16(1), instructions: pointer)
                return unsafe setsockopt(number, SOL_SOCKET, SO_ATTACH_FILTER, &program, 16)
            }
            precondition(result == 0, "a socket filter")
            return result
        }
    }
}
