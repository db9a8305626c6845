// A folder of its own for each test, with a home and what else a program of a person finds there. Gone with this object.

import Foundation

public final class TestFolder: Sendable {
    public let path: String

    public init(_ folders: [String] = ["home", "tmp", "project"]) throws {
        path = NSTemporaryDirectory() + "reprise-program-\(String(UInt64.random(in: 0...(.max)), radix: 36))"
        for folder in folders { try makeFolder(folder) }
    }

    deinit {
        // What a test made unwritable is made writable again.
        let chmod = Process()
        chmod.executableURL = URL(filePath: "/bin/chmod")
        chmod.arguments = ["-R", "u+rwX", path]
        try? chmod.run()
        chmod.waitUntilExit()
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The absolute path of something in it.
    public subscript(_ name: String) -> String { path + "/" + name }

    /// Nothing of the person who runs the tests is found by a program that is started with it; a sanitizer's settings hold for it too.
    public var environment: [String: String] {
        Self.sanitizing.merging([
            "PATH": self["bin"] + ":/usr/local/bin:/usr/bin:/bin", "HOME": self["home"], "TMPDIR": self["tmp"],
            "XDG_DATA_HOME": self["home/.local/share"], "XDG_STATE_HOME": self["home/.local/state"],
            "XDG_CONFIG_HOME": self["home/.config"],
            "XDG_CACHE_HOME": self["home/.cache"], "LC_ALL": "C.UTF-8",
        ]) { $1 }
    }

    private static let sanitizing = ProcessInfo.processInfo.environment.filter {
        ["LD_PRELOAD", "TSAN_OPTIONS", "ASAN_OPTIONS", "LSAN_OPTIONS"].contains($0.key)
    }

    public func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: self[name], withIntermediateDirectories: true)
    }

    @discardableResult
    public func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        try text.write(toFile: self[name], atomically: false, encoding: .utf8)
        try setMode(mode, of: name)
        return self[name]
    }

    public func setMode(_ mode: Int, of name: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: self[name])
    }

    public func read(_ name: String) throws -> String { try String(contentsOfFile: self[name], encoding: .utf8) }
    public func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: self[name]) }
}
