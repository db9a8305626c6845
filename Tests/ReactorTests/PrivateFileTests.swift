import Foundation
import Reactor
import Testing

struct PrivateFileTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "private-\(UUID().uuidString)").path()

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `is its owner's alone, and takes the place of what was there`() throws {
        let files = FileManager.default
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: folder) }
        let path = folder + "/token"
        #expect(files.createFile(atPath: path, contents: Data("old".utf8), attributes: [.posixPermissions: 0o644]))
        // A kill may have left a part; what is there must not be written through.
        let victim = folder + "/victim"
        #expect(files.createFile(atPath: victim, contents: Data("mine".utf8)))
        try files.createSymbolicLink(atPath: "\(path).\(getpid()).part", withDestinationPath: victim)
        try PrivateFile.write(Array("new".utf8), to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
        #expect(try String(contentsOfFile: victim, encoding: .utf8) == "mine")
        #expect(try mode(path) == 0o600)
        #expect(try files.contentsOfDirectory(atPath: folder).sorted() == ["token", "victim"])
        let made = folder + "/made"
        _ = try PrivateFile.make(made)
        #expect(try mode(made) == 0o600)
        #expect(throws: SystemError(call: "open", code: EEXIST)) { _ = try PrivateFile.make(made) }
    }

    @Test func `leaves nothing where it cannot be written`() throws {
        try FileManager.default.createDirectory(atPath: folder + "/token", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(throws: SystemError.self) { try PrivateFile.write([1], to: folder + "/token") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["token"])
    }
}
