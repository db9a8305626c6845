// A start that cannot succeed: exit 1, why, and what to try, on standard error; nothing on standard output.

import Foundation
import Reactor
import TestSupport
import Testing

@Suite(.ownThread) struct StartTests {
    private func refusal(_ arguments: [String], in folder: TestFolder, environment: [String: String] = [:]) throws -> String {
        let base = ["serve", "--listen", "127.0.0.1:0", "--opencode", "none"]
        let outcome = try Reprise.run(base + arguments, in: folder, environment: environment)
        #expect(outcome.status == .exited(1))
        #expect(outcome.output == [])
        return outcome.errors
    }

    @Test func `says that the port is in use, and what to do`() throws {
        let first = try RelayProcess()
        let outcome = try Reprise.run(["serve", "--listen", "127.0.0.1:\(first.port)", "--opencode", "none"], in: TestFolder())
        #expect(outcome.status == .exited(1))
        #expect(outcome.output == [])
        #expect(outcome.errors.contains("cannot listen on 127.0.0.1:\(first.port)"))
        #expect(outcome.errors.contains("\n  is another reprise running? --listen HOST:0 takes any free port"))
        #expect(try first.ask("GET", "/healthz").status == 200)
    }

    @Test func `refuses a second process on the folder, and tells the first one's pid`() throws {
        let first = try RelayProcess()
        let errors = try refusal(["--data", first.data], in: first.folder)
        #expect(errors.contains("the data folder is in use by process \(first.program.processID)"))
        let rebuild = try Reprise.run(["rebuild", "--data", first.data], in: first.folder)
        #expect(rebuild.status == .exited(1))
        #expect(rebuild.errors.contains("in use by process \(first.program.processID)"))
        #expect(try first.ask("GET", "/healthz").status == 200)
    }

    @Test func `a folder without a log is not rebuilt, and stays as it is`() throws {
        let folder = try TestFolder()
        let rebuild = try Reprise.run(["rebuild", "--data", folder["typo"]], in: folder)
        #expect(rebuild.status == .exited(1))
        #expect(
            rebuild.errors.contains("there is no log in \(folder["typo"])\n  give the folder of a server that has run"), "\(rebuild.errors)"
        )
        #expect(!folder.has("typo"))
    }

    @Test func `takes the folder over after a kill`() throws {
        let relay = try RelayProcess()
        try relay.kill()
        try relay.start()
        #expect(try relay.ask("GET", "/healthz").status == 200)
    }

    @Test(arguments: [
        "", "\n", "short", "twenty-one-characters", "with spaces in the middle", "with.dots.in.the.middle.of",
        "ünïcödé-is-not-allowed-here",
        "two-lines-in-the-token\nfile-are-not-one-token\n", "ends-with-two-newlines-x\n\n", "ends-with-carriage-return\r\n",
        String(repeating: "x", count: 129),
    ])
    func `refuses a token of the wrong characters or length`(_ token: String) throws {
        let folder = try TestFolder()
        let file = try folder.write(token, to: "token")
        let errors = try refusal(["--data", folder["data"], "--token-file", file], in: folder)
        #expect(errors.contains("[A-Za-z0-9_-]{22,128}"))
        #expect(token.count < 5 || !errors.contains(token), "a token is told nobody")
        if !token.isEmpty, !token.contains("\n") {
            let errors = try refusal(["--data", folder["data"]], in: folder, environment: ["REPRISE_TOKEN": token])
            #expect(errors.contains("the token in REPRISE_TOKEN is not one"))
        }
    }

    @Test func `trims one newline from a token file`() throws {
        let folder = try TestFolder()
        let token = "abcdefghijklmnopqrstuv"
        let relay = try RelayProcess(["--opencode", "none", "--token-file", try folder.write(token + "\n", to: "token")], in: folder)
        #expect(relay.token == token)
        #expect(try relay.ask("GET", "/v1/sessions").status == 200)
    }

    @Test func `keeps the token it made, for its owner only, and no token in what it logs`() throws {
        let relay = try RelayProcess(["--opencode", "none", "--log-level", "debug"])
        let mode = try FileManager.default.attributesOfItem(atPath: relay.data + "/token")[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try relay.folder.read("data/token") == relay.token + "\n")
        #expect(try FileManager.default.attributesOfItem(atPath: relay.data)[.posixPermissions] as? Int == 0o700)
        #expect(try FileManager.default.attributesOfItem(atPath: relay.data + "/server.json")[.posixPermissions] as? Int == 0o600)
        _ = try relay.ask("GET", "/v1/sessions")
        try relay.drain()
        #expect(!relay.program.errors.contains(relay.token))
        #expect(!relay.folder.has("data/server.json"), "nobody listens any more")
    }

    @Test func `serves where it cannot say in its folder that it does`() throws {
        let folder = try TestFolder()
        try FileManager.default.createDirectory(atPath: folder["data/server.json/in the way"], withIntermediateDirectories: true)
        let relay = try RelayProcess(["--opencode", "none"], in: folder)
        try relay.program.error(with: "give them --server and --data")
        let outcome = try Reprise.run(["sessions", "--server", relay.url, "--data", relay.data], in: folder)
        #expect(outcome.status == .exited(0))
        #expect(try relay.drain() == .exited(0))
    }

    @Test func `prints its line again, while it runs`() throws {
        let relay = try RelayProcess()
        let again = try Reprise.run(["url", "--data", relay.data], in: relay.folder)
        #expect(again.output == ["\(relay.url)/#token=\(relay.token)"])
        try relay.drain()
        let outcome = try Reprise.run(["url", "--data", relay.data], in: relay.folder)
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors.contains("no server is running"))
    }

    @Test(arguments: [["sessions"], ["url"], ["tail", "builds"], ["stop", "ses_a"]])
    func `a server that was killed is no server, and who has its port gets no token`(_ words: [String]) throws {
        let relay = try RelayProcess()
        try relay.kill()
        #expect(relay.folder.has("data/server.json"), "a kill leaves it behind")
        let stranger = try SilentListener(port: relay.port)
        let outcome = try Reprise.run(words + ["--data", relay.data], in: relay.folder)
        #expect(outcome.status == .exited(1))
        #expect(outcome.output == [])
        #expect(outcome.errors.contains("no server is running on \(relay.data)"))
        #expect(!stranger.isConnectedTo)
    }

    @Test func `the folder's token goes to the folder's server alone, unless the folder is named`() throws {
        let relay = try RelayProcess()
        // The default folder is the one of this server.
        try FileManager.default.createSymbolicLink(atPath: relay.folder["reprise"], withDestinationPath: relay.data)
        func sessions(_ server: String, _ more: [String] = []) throws -> Reprise.Outcome {
            try Reprise.run(["sessions", "--server", server] + more, in: relay.folder, environment: ["XDG_DATA_HOME": relay.folder.path])
        }
        for own in [relay.url, relay.url + "/"] { #expect(try sessions(own).status == .exited(0)) }
        let port = try FreePort.find()
        let stranger = try SilentListener(port: port)
        let refused = try sessions("http://127.0.0.1:\(port)")
        #expect(refused.status == .exited(1))
        #expect(refused.errors.contains("no token for http://127.0.0.1:\(port)\n  give one with --token-file FILE"), "\(refused.errors)")
        #expect(!stranger.isConnectedTo)
        let way = try CuttingProxy(to: relay.port, seed: Seed(1), bytes: 1_000_000...1_000_000)
        #expect(try sessions("http://127.0.0.1:\(way.port)", ["--data", relay.data]).status == .exited(0))
    }

    @Test func `the folder's lock must be the server's own`() throws {
        let relay = try RelayProcess()
        try relay.folder.write(#"{"pid":1,"url":"\#(relay.url)"}"#, to: "data/server.json")
        let outcome = try Reprise.run(["sessions", "--data", relay.data], in: relay.folder)
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors.contains("no server is running on \(relay.data)"))
    }

    @Test func `refuses a token file that is missing, and one that is a folder`() throws {
        let folder = try TestFolder()
        for name in ["nowhere", "home"] {
            let errors = try refusal(["--data", folder["data"], "--token-file", folder[name]], in: folder)
            #expect(errors.contains("the token file \(folder[name]) cannot be read"))
        }
    }

    @Test func `refuses roots that are no directories`() throws {
        let folder = try TestFolder()
        try folder.write("", to: "file")
        for name in ["nowhere", "file"] {
            #expect(try refusal(["--data", folder["data"], "--directory", folder[name]], in: folder).contains("is no directory"))
        }
    }

    @Test func `refuses a data folder that is a file`() throws {
        let folder = try TestFolder()
        let errors = try refusal(["--data", folder.write("", to: "file")], in: folder)
        #expect(errors.contains("cannot be made") && errors.contains("--data DIR"))
    }

    @Test func `refuses a log that is not its own, and leaves it as it is`() throws {
        let folder = try TestFolder()
        let relay = try RelayProcess(in: folder)
        try relay.drain()
        let database = try #require(
            FileManager.default.contentsOfDirectory(atPath: relay.data).first { $0.hasSuffix(".db") || $0.hasSuffix(".sqlite") })
        for name in try FileManager.default.contentsOfDirectory(atPath: relay.data) where name.hasPrefix(database) {
            try FileManager.default.removeItem(atPath: relay.data + "/" + name)
        }
        try folder.write(String(repeating: "this is no database\n", count: 300), to: "data/" + database)
        let before = try folder.read("data/" + database)
        _ = try refusal(["--data", relay.data], in: folder)
        #expect(try folder.read("data/" + database) == before)
    }
}
