// One discipline for every system call: errno is read at once, an interruption is repeated, would-block is a value and not
// an error, and EBADF or EFAULT is a bug of ours that nothing may hide.

import Glibc

/// Nil where the call would have to wait.
@inline(__always)
func systemCall<Value: FixedWidthInteger>(_ name: StaticString, _ call: () -> Value) throws(SystemError) -> Value? {
    while true {
        let result = call()
        if result != -1 { return result }
        let code = errno
        switch code {
        case EINTR: continue
        case EAGAIN, EINPROGRESS: return nil
        case EBADF, EFAULT: preconditionFailure("\(SystemError(call: "\(name)", code: code))")
        default: throw SystemError(call: "\(name)", code: code)
        }
    }
}

/// For the calls that never wait, or that wait until they are done.
@inline(__always)
@discardableResult
func systemCallNow<Value: FixedWidthInteger>(_ name: StaticString, _ call: () -> Value) throws(SystemError) -> Value {
    guard let result = try systemCall(name, call) else { throw SystemError(call: "\(name)", code: EAGAIN) }
    return result
}

/// For the few calls without which nothing works, made when a loop or a mailbox is.
func mustSucceed<Value: ~Copyable>(_ body: () throws(SystemError) -> Value) -> Value {
    do { return try body() } catch { fatalError("\(error)") }
}
