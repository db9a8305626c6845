import Glibc
import Reactor
import Synchronization
import TestSupport
import Testing

@Suite(.ownThread) struct ChildProcessTests {
    @Test func `hands over the lines of both outputs, then the exit code`() async throws {
        let (lines, status): ([String], ChildStatus) = try await onLoop { loop, finish in
            var lines: [String] = []
            var command = ChildCommand(program: "/bin/sh", arguments: ["-c", "echo one; echo two; printf three; echo four >&2; exit 7"])
            command.output = .lines
            command.errors = .lines
            _ = finish.keep(
                try ChildProcess(loop: loop, command) { stream, line in
                    lines.append("\(stream) \(String(decoding: line, as: UTF8.self))")
                } onExit: { status in
                    finish((lines, status))
                })
        }
        #expect(lines.filter { $0.hasPrefix("output") } == ["output one", "output two", "output three"])
        #expect(lines.contains("errors four"))
        #expect(status == .exited(7))
    }

    @Test func `gives the environment and the folder that were asked for, and nothing else of ours`() async throws {
        let lines: [String] = try await onLoop { loop, finish in
            var lines: [String] = []
            // What `ls` opens for itself is the listing.
            var command = ChildCommand(
                program: "sh", arguments: ["-c", "pwd; env; ls /proc/self/fd | wc -l"],
                environment: ["WORD": "a b", "PATH": "/usr/bin:/bin"],
                directory: "/")
            command.output = .lines
            // SAFETY: a literal path.
            let leak = unsafe open("/dev/null", O_RDONLY)
            _ = finish.keep(
                try ChildProcess(loop: loop, command) { _, line in
                    lines.append(String(decoding: line, as: UTF8.self))
                } onExit: { _ in
                    close(leak)
                    finish(lines)
                })
        }
        #expect(lines.first == "/")
        #expect(lines.contains("WORD=a b"))
        #expect(!lines.contains { $0.hasPrefix("HOME=") })
        #expect(lines.last == "4")
    }

    @Test func `ends when it is asked to, with everything it has started`() async throws {
        let status: ChildStatus = try await onLoop { loop, finish in
            var child: ChildProcess?
            var command = ChildCommand(program: "/bin/sh", arguments: ["-c", "sleep 1000 & echo ready; wait"])
            command.output = .lines
            command.hasOwnGroup = true
            child = try ChildProcess(loop: loop, command) { _, _ in
                child?.terminate()
            } onExit: {
                finish($0)
            }
        }
        #expect(status == .signalled(SIGTERM))
    }

    private static let tracer: String? = (["/usr/bin/strace", "/usr/local/bin/strace"] as [String]).first { unsafe access($0, X_OK) == 0 }

    @Test(.enabled(if: tracer != nil, "needs strace"))
    func `tells of the end of a child whose tracer sees it first`() async throws {
        let tracer = try #require(Self.tracer)
        for _ in 0..<20 {
            let status: ChildStatus = try await onLoop { loop, finish in
                // The tracer of many threads takes its time, and the status is its own until then.
                let arguments = ["-D", "-f", "-o", "/dev/null", "/bin/sh", "-c", "(sleep 0 & sleep 0 & sleep 0 & wait); exit 7"]
                let command = ChildCommand(program: tracer, arguments: arguments, environment: ["PATH": "/usr/bin:/bin"])
                _ = finish.keep(try ChildProcess(loop: loop, command) { finish($0) })
            }
            #expect(status == .exited(7))
        }
    }

    @Test func `says why it cannot start`() async throws {
        let error: SystemError? = try await onLoop { loop, finish in
            do throws(SystemError) {
                _ = try ChildProcess(loop: loop, ChildCommand(program: "/nonexistent/program")) { _ in }
                finish(nil)
            } catch { finish(error) }
        }
        #expect(error?.code == ENOENT)
    }

    @Test func `tells of the end of a process that is not a child`() async throws {
        let (identified, after): (Bool, Bool) = try await onLoop { loop, finish in
            // The shell's child becomes nobody's when the shell ends.
            var command = ChildCommand(program: "/bin/sh", arguments: ["-c", "sleep 1000 >/dev/null & echo $!"])
            command.output = .lines
            var other: Int32 = 0
            var watch: ProcessWatch?
            _ = finish.keep(
                try ChildProcess(loop: loop, command) { _, line in
                    other = Int32(String(decoding: line, as: UTF8.self)) ?? 0
                } onExit: { _ in
                    let identity = ProcessIdentity(runningAs: other)
                    watch = try? ProcessWatch(loop: loop, process: other) {
                        finish((identity != nil, identity?.isRunning == true))
                    }
                    #expect(watch != nil)
                    identity?.terminate()
                })
        }
        #expect(identified)
        #expect(!after)
    }
}
