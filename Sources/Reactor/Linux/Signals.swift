// Signals as input of a loop. They are blocked in every thread, so that none is ever interrupted, and read from a
// descriptor. Blocking must come before the first thread is made: threads inherit the mask.

import CLinux
import Glibc

public enum Signals {
    static let terminate = SIGTERM
    static let kill = SIGKILL

    /// What asks a program to end: by name, from the keyboard, or because its terminal is gone; the last one only where whoever started it
    /// did not say that it shall outlive that (`nohup`).
    public static var ending: [Int32] { [SIGTERM, SIGINT] + (isIgnored(SIGHUP) ? [] : [SIGHUP]) }

    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        // SAFETY: the structure is written during the call; a disposition is compared, never called.
        guard unsafe sigaction(signal, nil, &action) == 0 else { return false }
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Blocked in every thread; what a loop may be asked to hear of.
    static let heard = [SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2]

    /// To be called first of all in `main`. Also has a broken pipe reported as an error of the write instead of a signal.
    public static func block() {
        var set = Self.set(heard)
        // SAFETY: the set is valid for the call; the old one is not asked for.
        _ = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        _ = signal(SIGPIPE, SIG_IGN)
    }

    static func set(_ signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        // SAFETY: the set is valid for the calls.
        _ = unsafe sigemptyset(&set)
        for signal in signals { _ = unsafe sigaddset(&set, signal) }
        return set
    }
}

final class SignalSource: EventSource {
    private let descriptor: Descriptor
    private let handler: (Int32) -> Void

    init(_ signals: [Int32], _ handler: @escaping (Int32) -> Void) throws(SystemError) {
        var set = Signals.set(signals)
        // SAFETY: the kernel copies the set during the call.
        descriptor = Descriptor(
            owning: try systemCallNow("signalfd") { unsafe signalfd(-1, &set, Int32(SFD_NONBLOCK) | Int32(SFD_CLOEXEC)) })
        self.handler = handler
    }

    func register(on loop: EventLoop) throws(SystemError) {
        _ = try loop.register(self, descriptor)
    }

    func ready(_ readiness: Readiness) {
        while let signal = read() { handler(signal) }
    }

    func loopEnded() {}

    private func read() -> Int32? {
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        let number = descriptor.number
        // SAFETY: the kernel writes one such structure, as long as it is told.
        let count = try? systemCall("read") { unsafe Glibc.read(number, &info, size) }
        return count == size ? Int32(bitPattern: info.ssi_signo) : nil
    }
}

extension EventLoop {
    /// Hands over each of these signals, which must be blocked in every thread (`Signals.block`).
    public func onSignal(_ signals: [Int32], _ handler: @escaping (Int32) -> Void) throws(SystemError) {
        try SignalSource(signals, handler).register(on: self)
    }
}
