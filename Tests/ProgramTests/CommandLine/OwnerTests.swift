// Folders that are another user's, or cannot be written. For root nothing is: these tests become somebody else first.

import Glibc
import Reactor
import TestSupport
import Testing

@Suite(.ownThread, .enabled(if: geteuid() == 0, "only root can become another user")) struct OwnerTests {
    /// As a user who owns nothing here.
    private func refusal(_ arguments: [String], _ folder: TestFolder) throws -> String {
        let drop = ["--reuid", "65534", "--regid", "65534", "--clear-groups", "--pdeathsig", "KILL"]
        let words = drop + [try copy(to: folder), "serve", "--listen", "127.0.0.1:0", "--opencode", "none"] + arguments
        let program = try RunningProgram("/usr/bin/setpriv", words, environment: folder.environment, directory: "/")
        #expect(try program.rest() == [])
        #expect(try program.wait() == .exited(1))
        return program.errors
    }

    /// Where everybody may run it: the build folder may be in root's home. Another process writes it: a descriptor of ours would be in each
    /// child that another test starts meanwhile, until its exec, and a program that somebody may write cannot be run (ETXTBSY).
    private func copy(to folder: TestFolder) throws -> String {
        let copying = try RunningProgram("/bin/cp", [Reprise.program, folder["reprise"]], environment: [:])
        try #require(try copying.wait() == .exited(0))
        return folder["reprise"]
    }

    @Test func `refuses a data folder of another user`() throws {
        let folder = try TestFolder()
        try folder.makeFolder("data")
        try folder.setMode(0o777, of: "data")
        let errors = try refusal(["--data", folder["data"], "--directory", "/"], folder)
        #expect(errors.contains("the data folder \(folder["data"]) belongs to another user"))
        #expect(errors.contains("--data DIR"))
    }

    @Test func `refuses a data folder where it may not make one`() throws {
        let folder = try TestFolder()
        let errors = try refusal(["--data", folder["home/data"], "--directory", "/"], folder)
        #expect(errors.contains("cannot be made"))
    }

    @Test func `refuses a read-only data folder`() throws {
        let folder = try TestFolder()
        try folder.makeFolder("data")
        // SAFETY: the path lives across the call.
        try #require(unsafe chown(folder["data"], 65534, 65534) == 0)
        try folder.setMode(0o500, of: "data")
        let errors = try refusal(["--data", folder["data"], "--directory", "/"], folder)
        #expect(errors.contains("cannot be written") || errors.contains("read-only"))
    }

    @Test func `refuses a token file that it may not read`() throws {
        let folder = try TestFolder()
        try folder.makeFolder("data")
        // SAFETY: the path lives across the call.
        try #require(unsafe chown(folder["data"], 65534, 65534) == 0)
        let token = try folder.write("abcdefghijklmnopqrstuvwxyz", to: "token", mode: 0o600)
        let errors = try refusal(["--data", folder["data"], "--directory", "/", "--token-file", token], folder)
        #expect(errors.contains("the token file \(token) cannot be read"))
    }
}
