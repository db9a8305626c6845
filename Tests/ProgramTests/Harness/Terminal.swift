// A program of a person in a terminal of its own (tmux): typed into, and looked at.

import Foundation
import Glibc
import Reactor
import TestSupport

final class Terminal {
    static let isInstalled = (try? NodeProgram.run("tmux", ["-V"]).status) == 0

    private let socket = "reprise-\(UUID().uuidString)"

    init(_ program: String, in directory: String) throws {
        // The server that it starts lives on: it must hold nothing of ours open.
        let words = ["-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "40", "-c", directory, program]
        let starter = try RunningProgram(
            "/bin/sh", ["-c", #"exec tmux "$@" >/dev/null 2>&1"#, "sh", "-L", socket] + words,
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"])
        guard try starter.wait() == .exited(0) else { throw starter.disappointed("tmux failed") }
    }

    /// The program is killed: it may well not care that its terminal goes.
    func end() {
        let panes = (try? tmux(["list-panes", "-a", "-F", "#{pane_pid}"])) ?? ""
        for pid in panes.split(separator: "\n").compactMap({ Int32($0) }) { kill(pid, SIGKILL) }
        _ = try? tmux(["kill-server"])
    }

    /// Looks until this is shown.
    func wait(for text: String) throws {
        let end = ContinuousClock.now + RunningProgram.patience
        var screen = ""
        while end > .now {
            screen = try tmux(["capture-pane", "-p"])
            if screen.contains(text) { return }
            // A terminal tells nobody that something was drawn.
            _ = BlockingQueue<Void>().takeAll(within: .milliseconds(100))
        }
        throw TestSocket.Failure.unreachable("the terminal never showed “\(text)” but\n\(screen)")
    }

    func type(_ text: String) throws {
        _ = try tmux(["send-keys", "-l", text])
        try wait(for: text)
        _ = try tmux(["send-keys", "Enter"])
    }

    private func tmux(_ arguments: [String]) throws -> String { try NodeProgram.run("tmux", ["-L", socket] + arguments).output }
}
