// Why the system refused: the call and its errno, captured before anything else could change it.

import CLinux
import Glibc

public struct SystemError: Error, Sendable, Hashable {
    /// The system call, as in its manual page.
    public let call: String
    /// The value of `errno`.
    public let code: Int32

    public init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }
}

extension SystemError: CustomStringConvertible {
    /// As `connect: Connection refused (ECONNREFUSED)`.
    public var description: String {
        // SAFETY: glibc gives static, immutable strings, or null for a number that it does not know.
        guard let name = unsafe strerrorname_np(code), let text = unsafe strerrordesc_np(code) else { return "\(call): error \(code)" }
        return unsafe "\(call): \(String(cString: text)) (\(String(cString: name)))"
    }
}

extension SystemError {
    /// No descriptor is left for this process or this machine.
    public var isOutOfDescriptors: Bool { code == EMFILE || code == ENFILE }
    /// The port is taken.
    public var isAddressInUse: Bool { code == EADDRINUSE }
}

extension SystemError {
    /// What was under way when its loop ended.
    static func loopEnded(call: String) -> SystemError { SystemError(call: call, code: ECANCELED) }

    /// Errors that `accept` passes on from a connection that is gone already (accept(2)): the next one may be well.
    var isOfOneConnection: Bool {
        switch code {
        case ECONNABORTED, EPROTO, ENOPROTOOPT, ENETDOWN, ENETUNREACH, EHOSTDOWN, EHOSTUNREACH, ENONET, EOPNOTSUPP, EPERM, ETIMEDOUT: true
        default: false
        }
    }
}
