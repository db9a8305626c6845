// The flags of `serve`, checked before anything is opened.

import Foundation
import OpenCode
import Reactor
import Server

struct RelayOptions {
    var folder: DataFolder
    var location: OpenCodeLocation
    var openCodeConfig: String?
    var directories: [String]
    var server: ServerOptions
    var tokenFile: String?
    var logLevel: LogLevel

    init(_ arguments: Arguments) throws {
        folder = DataFolder(arguments["--data"])
        tokenFile = arguments["--token-file"]
        do {
            location = try OpenCodeLocation(arguments["--opencode"] ?? "auto", environment: ProcessInfo.processInfo.environment)
            openCodeConfig = arguments["--opencode-config"]
            try location.checkConfig(openCodeConfig)
        } catch { throw UsageError(error.description) }
        directories = try Self.directories(arguments.all("--directory"))
        server = try Self.server(arguments)
        guard let level = LogLevel(name: arguments["--log-level"] ?? "info") else {
            throw UsageError("--log-level is debug, info, warning or error")
        }
        logLevel = level
    }

    /// Roots as they really are: absolute, links resolved.
    private static func directories(_ given: [String]) throws -> [String] {
        try (given.isEmpty ? [FileManager.default.currentDirectoryPath] : given).map { path in
            var isDirectory: ObjCBool = false
            guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
                throw Failure("--directory \(path) is no directory")
            }
            return URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        }
    }

    private static func server(_ arguments: Arguments) throws -> ServerOptions {
        let text = arguments["--listen"] ?? "127.0.0.1:4100"
        guard let address = SocketAddress(text) else { throw UsageError("--listen wants HOST:PORT with a numeric host, not “\(text)”") }
        guard address.isLoopback || arguments.has("--allow-public") else {
            throw UsageError("--listen \(text) is beyond loopback: put TLS in front and listen on loopback, or say --allow-public")
        }
        var options = ServerOptions(listen: address)
        if let loops = try arguments.number("--loops", 1...256) { options.loops = loops }
        options.publicURLs = try arguments.all("--public-url").map { text in
            guard let url = PublicURL(text) else { throw UsageError("--public-url wants http(s)://HOST[:PORT][/PREFIX], not “\(text)”") }
            return url
        }
        return options
    }
}
