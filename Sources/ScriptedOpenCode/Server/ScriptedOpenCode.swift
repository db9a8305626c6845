// The scripted OpenCode as a program of its own, for a demo that must not share a process with what it demonstrates.

import CLinux
import Glibc
import Reactor

public enum ScriptedOpenCode {
    /// Serves on this thread until SIGTERM or SIGINT, or until the process that started it is gone. Tells where in one line, as the real
    /// server does, before the first request is answered. `Signals.block()` must have been called.
    /// - Parameters:
    ///   - announce: is given the URL.
    public static func runProgram(
        port: UInt16 = 0, password: String?, options: ScriptedOptions = .init(), announce: @escaping (String) -> Void
    ) throws {
        guard let address = SocketAddress(host: "127.0.0.1", port: port) else { throw ScriptedServerError.noAddress }
        var options = options
        options.password = password
        options.pid = Int(getpid())
        let parent = getppid()
        var failure: SystemError?
        EventLoop.run { loop in
            do throws(SystemError) {
                try loop.onSignal([SIGTERM, SIGINT]) { _ in loop.stop() }
                let host = try ScriptedHost(loop: loop, address: address, agent: options.agent())
                watch(parent, loop, keeping: host)
                announce("http://127.0.0.1:\(host.port)")
            } catch {
                failure = error
                loop.stop()
            }
        }
        if let failure { throw failure }
    }

    private static func watch(_ parent: pid_t, _ loop: EventLoop, keeping host: ScriptedHost) {
        loop.schedule(after: .seconds(1)) {
            if getppid() == parent { watch(parent, loop, keeping: host) } else { loop.stop() }
        }
    }
}
