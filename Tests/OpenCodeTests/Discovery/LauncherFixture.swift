// A machine as the launcher sees it: a folder of its own with a PATH, a home, a state folder and a data folder, an `opencode` that is a
// shell script, and servers on loopback that answer as an OpenCode's gate wants.

import Foundation
import OpenCode
import Reactor
import Synchronization
import Wire

final class LauncherFixture: Sendable {
    let root: String
    var data: String { root + "/data" }
    var state: String { root + "/state" }
    var serviceFile: String { state + "/opencode/service.json" }

    init() throws {
        root = NSTemporaryDirectory() + "reprise-launcher-\(UInt64.random(in: 0 ... .max))"
        for folder in ["bin", "data", "home", "state/opencode"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        }
    }

    func remove() {
        endChildren()
        try? FileManager.default.removeItem(atPath: root)
    }

    /// Ends what the scripts have left running, by the pids that they wrote.
    func endChildren() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [] where name.hasPrefix("pid-") {
            guard let pid = Int32(name.dropFirst(4)) else { continue }
            ProcessIdentity(runningAs: pid)?.kill()
        }
    }

    /// The same, and goes on when the launcher has seen it.
    func endChildren(_ loop: EventLoop, _ done: @escaping () -> Void) {
        endChildren()
        func look() {
            guard !read("data/opencode.json").isEmpty else { return done() }
            loop.schedule(after: .milliseconds(10), look)
        }
        look()
    }

    var environment: [String: String] {
        [
            "PATH": "\(root)/bin:/usr/bin:/bin", "HOME": "\(root)/home", "XDG_STATE_HOME": state, "REPRISE_TOKEN": "secret",
            "OPENCODE_PASSWORD": "theirs",
        ]
    }

    func options(_ location: OpenCodeLocation = .automatic, config: String? = nil) -> Launcher.Options {
        var options = Launcher.Options(location: location, config: config, dataFolder: data, environment: environment)
        options.versionPatience = .seconds(60)
        return options
    }

    /// An `opencode` of this version; `serve` writes its environment and arguments, says its line and stays.
    func install(version: String, serve: String = "", service: String = "") throws {
        let script = """
            #!/bin/sh
            cd '\(root)'
            case "$1" in
            --version) echo '\(version)' ;;
            serve)
                env > environment; echo "$@" > arguments; echo start >> starts; touch "pid-$$"
                \(serve.isEmpty ? "echo \"opencode server listening on http://127.0.0.1:$3\"" : serve)
                exec sleep 600 ;;
            service) echo "$@" >> service; \(service) ;;
            esac
            """
        try Self.writeProgram(script, to: root + "/bin/opencode")
    }

    /// By another process: a descriptor of ours that is open for writing while another test forks would make it "text file busy".
    private static func writeProgram(_ script: String, to path: String) throws {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", #"rm -f "$2"; printf '%s\n' "$1" > "$2"; chmod 755 "$2""#, "sh", script, path]
        try shell.run()
        shell.waitUntilExit()
    }

    /// What a crash of Reprise leaves: a process that runs, and the record of it as of a child whose server has this port.
    func leaveOrphan(_ loop: EventLoop, port: UInt16, onExit: @escaping (ChildStatus) -> Void = { _ in }) throws -> ProcessIdentity {
        let orphan = try ChildProcess(loop: loop, ChildCommand(program: "/bin/sleep", arguments: ["600"]), onExit: onExit)
        guard let identity = ProcessIdentity(runningAs: orphan.processID) else { throw LoopTestError.nothingFound }
        try write("pid-\(identity.processID)", "")
        try write(
            "data/opencode.json",
            #"{"pid":\#(identity.processID),"started":\#(identity.startTicks),"url":"http://127.0.0.1:\#(port)","password":"old"}"#)
        return identity
    }

    func read(_ name: String) -> String {
        FileManager.default.contents(atPath: "\(root)/\(name)").map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: URL(filePath: "\(root)/\(name)")) }

    static func serviceText(port: UInt16, pid: Int32) -> String {
        #"{"id":"x","version":"2.0.14","url":"http://127.0.0.1:\#(port)","pid":\#(pid),"password":"pw"}"#
    }
}

/// Answers every request by its path, closing after each.
final class GateServer: ConnectionHandler {
    private let loop: EventLoop
    private let answers: [String: String]
    private var listener: Listener?
    private var received: [UInt8] = []
    private(set) var authorizations: [String] = []
    /// Where it is set no request is answered.
    var onRequest: (() -> Void)?

    init(_ loop: EventLoop, _ answers: [String: String]) throws {
        self.loop = loop
        self.answers = answers
        guard let address = SocketAddress(host: "127.0.0.1", port: 0) else { return }
        listener = try Listener(loop: loop, address: address) { descriptor in
            _ = Connection(loop: loop, descriptor: descriptor, handler: self)
        }
    }

    var port: UInt16 { listener?.boundAddress.port ?? 0 }

    func connection(_ connection: Connection, received bytes: Span<UInt8>) {
        for index in 0..<bytes.count { received.append(bytes[index]) }
        let text = String(decoding: received, as: UTF8.self)
        guard text.hasSuffix("\r\n\r\n") else { return }
        received = []
        if let onRequest { return onRequest() }
        authorizations += text.split(separator: "\r\n").filter { $0.lowercased().hasPrefix("authorization:") }.map {
            String($0.dropFirst(15)).trimmingCharacters(in: .whitespaces)
        }
        let path = text.split(separator: " ").dropFirst().first.map { String($0) } ?? ""
        let type = answers[path] == nil ? "text/html" : "application/json"
        let body = answers[path] ?? "<!doctype html>"
        connection.write(
            Array("HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)".utf8)
        )
    }

    func connectionDidEnd(_ connection: Connection) { connection.close() }
    func connectionDidClose(_ connection: Connection, error: SystemError?) {}
}

enum LoopTestError: Error { case nothingFound }

/// Runs `body` on a loop of its own until it has found something; fails instead of hanging.
func onLoop<Value: Sendable>(
    within limit: Duration = .seconds(60), _ body: @Sendable @escaping (EventLoop, _ found: @escaping (Value) -> Void) throws -> Void
) async throws -> Value {
    let result = Mutex<Result<Value, any Error>?>(nil)
    let kept = Kept(result)
    let thread = EventLoop.spawn(name: "test loop") { loop in
        loop.schedule(after: limit) { loop.stop() }
        let found: (Value) -> Void = { value in
            kept.result.withLock { $0 = $0 ?? .success(value) }
            loop.stop()
        }
        do { try body(loop, found) } catch {
            kept.result.withLock { $0 = .failure(error) }
            loop.stop()
        }
    }
    return try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            thread.join()
            continuation.resume(with: kept.result.withLock { $0 } ?? .failure(LoopTestError.nothingFound))
        }
    }
}

private final class Kept<Value: Sendable>: Sendable {
    let result: Mutex<Result<Value, any Error>?>
    init(_ result: consuming Mutex<Result<Value, any Error>?>) { self.result = result }
}
