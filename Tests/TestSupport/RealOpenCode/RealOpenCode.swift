// A real OpenCode server with a scripted model, offline, on a loopback port, in a folder of its own. It can be killed and started again on
// the same folder and port, as a crash would have it.

import Foundation
import Glibc
import Reactor
import Synchronization
import Wire

public enum RealOpenCodeError: Error, Sendable {
    case notInstalled(OpenCodeGeneration)
    case preparation(String)
    /// With what it wrote.
    case didNotStart(String)
}

public final class RealOpenCode: Sendable {
    public enum Manner: Sendable {
        /// A child of the tests.
        case server
        /// The background service of 2.x, which goes on by itself with what a death cut short.
        case service
    }

    public let manner: Manner
    public let generation: OpenCodeGeneration
    public let folder: OpenCodeFolder
    public let model: ScriptedModel
    public let port: UInt16
    public let password: String

    // reads: lock; writes: lock
    private let server = Mutex<(any OpenCodeInstance)?>(nil)

    public var url: String { "http://127.0.0.1:\(port)" }
    /// Of the server that runs now.
    public var pid: Int32? { server.withLock { $0?.processID } }
    public var project: String { folder.project }

    /// Lays out the folder, starts model and server, and waits until the server listens.
    /// - Parameters:
    ///   - binary: the server's; nil: the one that the environment names.
    ///   - prepare: what is to be done with the folder before the first start.
    public init(
        _ generation: OpenCodeGeneration, as manner: Manner = .server, binary: String? = nil, tokensPerSecond: Int = 400,
        prepare: (OpenCodeFolder) throws -> Void = { _ in }
    ) throws {
        guard let binary = binary ?? generation.binary else { throw RealOpenCodeError.notInstalled(generation) }
        (self.generation, self.manner) = (generation, manner)
        password = "test-\(UUID().uuidString)"
        model = try ScriptedModel(tokensPerSecond: tokensPerSecond)
        folder = try OpenCodeFolder(generation, binary: binary, modelPort: model.port, password: password)
        port = try FreePort.find()
        try prepare(folder)
        if manner == .service { try OpenCodeService.prepare(folder, port: port, password: password) }
        try start()
    }

    private func start() throws {
        let next: any OpenCodeInstance =
            switch manner {
            case .service: try OpenCodeService(folder)
            case .server:
                try OpenCodeProcess(
                    folder, ["serve", "--hostname", "127.0.0.1", "--port", "\(port)"], announcement: generation.announcement)
            }
        server.withLock { $0 = next }
    }

    /// Sends a signal (SIGKILL, SIGTERM, SIGSTOP, …) and, if it is one that ends a process, waits for its end.
    public func kill(_ signal: Int32 = SIGKILL) {
        guard let process = server.withLock({ $0 }) else { return }
        process.send(signal)
        guard [SIGKILL, SIGTERM, SIGINT].contains(signal) else { return }
        process.waitForEnd()
        server.withLock { $0 = nil }
    }

    /// Starts it again on the same folder and port; a server that still runs is killed first.
    public func restart() throws {
        kill()
        try start()
    }

    /// Ends server and model, and removes the folder.
    public func stop() {
        kill()
        model.stop()
        folder.remove()
    }

    public var api: OpenCodeAPI { OpenCodeAPI(generation, port: port, password: password) }
    public var authorization: (String, String) { api.authorization }

    /// One request to the server, with the password.
    public func ask(_ method: String, _ target: String, body: String = "") throws -> PlainExchange {
        try api.ask(method, target, body: body)
    }

    deinit {
        kill()
        folder.remove()
    }
}
