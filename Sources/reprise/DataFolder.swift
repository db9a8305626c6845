// The data folder and the token that is kept in it, beside the log.

import Foundation
import Glibc
import Reactor

struct DataFolder {
    let path: String

    /// `--data DIR`, else `$XDG_DATA_HOME/reprise`, else `~/.local/share/reprise`.
    init(_ argument: String?) {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"] ?? NSHomeDirectory()
        let base = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/.local/share"
        path = argument ?? base + "/reprise"
    }

    func create() throws(Failure) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw Failure("the data folder \(path) cannot be made", hint: "give another one with --data DIR") }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let owner = attributes?[.ownerAccountID] as? NSNumber, owner.uint32Value == geteuid() else {
            throw Failure("the data folder \(path) belongs to another user", hint: "run as its owner, or give another one with --data DIR")
        }
    }

    /// Writes a file that only its owner may read, whole or not at all.
    func write(_ text: String, to name: String) throws(Failure) {
        let target = path + "/" + name
        do throws(SystemError) { try PrivateFile.write(Array(text.utf8), to: target) } catch {
            throw Failure("\(target) cannot be written", hint: "\(error)")
        }
    }

    func read(_ name: String) -> String? { try? String(contentsOfFile: path + "/" + name, encoding: .utf8) }

    func remove(_ name: String) { try? FileManager.default.removeItem(atPath: path + "/" + name) }

    /// The token: of a file, of `REPRISE_TOKEN`, or made once and kept here.
    func token(file: String?) throws(Failure) -> String {
        if let file {
            guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                throw Failure("the token file \(file) cannot be read")
            }
            return try Self.checked(text, from: file)
        }
        if let text = ProcessInfo.processInfo.environment["REPRISE_TOKEN"] { return try Self.checked(text, from: "REPRISE_TOKEN") }
        if FileManager.default.fileExists(atPath: path + "/token") {
            guard let text = read("token") else { throw Failure("the token file \(path)/token cannot be read") }
            return try Self.checked(text, from: path + "/token")
        }
        let token = Self.newToken()
        try write(token + "\n", to: "token")
        return token
    }

    static func newToken() -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        var random = SystemRandomNumberGenerator()
        return String((0..<32).map { _ in letters[Int.random(in: 0..<64, using: &random)] })
    }

    private static func checked(_ text: String, from source: String) throws(Failure) -> String {
        var token = text
        if token.hasSuffix("\n") { token.removeLast() }
        let isLegal = token.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x5F
        }
        guard isLegal, (22...128).contains(token.utf8.count) else {
            throw Failure("the token in \(source) is not one", hint: "it must match [A-Za-z0-9_-]{22,128}")
        }
        return token
    }
}
