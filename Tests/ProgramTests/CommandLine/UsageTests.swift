// What is wrong on the command line: exit 2 and the usage, on standard error; nothing on standard output.

import Reactor
import TestSupport
import Testing

@Suite(.ownThread) struct UsageTests {
    static let subcommands = ["serve", "demo", "sessions", "tail", "send", "stop", "publish", "url", "rebuild"]

    @Test(arguments: [
        [], ["--frob"], ["sing"], ["serve", "--frob"], ["serve", "--listen"], ["serve", "--listen", "4100"],
        ["serve", "--listen", "127.0.0.1"],
        ["serve", "--listen", "127.0.0.1:65536"], ["serve", "--listen", "127.0.0.1:-1"], ["serve", "--listen", "localhost.example:4100"],
        ["serve", "--listen", ""], ["serve", "--listen", "0.0.0.0:0"], ["serve", "--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0"],
        ["serve", "--opencode", "nonsense"], ["serve", "--opencode", ""], ["serve", "--opencode", "service:"],
        ["serve", "--opencode", "ftp://127.0.0.1:1"], ["serve", "--opencode", "http://"],
        ["serve", "--opencode", "http://127.0.0.1:99999"],
        ["serve", "--opencode", "none", "--opencode-config", "x.json"],
        ["serve", "--opencode", "http://127.0.0.1:1", "--opencode-config", "x.json"],
        ["serve", "--opencode", "service:/x", "--opencode-config", "x.json"], ["serve", "--loops", "0"], ["serve", "--loops", "many"],
        ["serve", "--loops", "257"], ["serve", "--public-url", "example.org"], ["serve", "--log-level", "loud"],
        ["serve", "--allow-public=yes"],
        ["serve", "surplus"], ["demo", "surplus"], ["demo", "--opencode", "none"], ["tail"], ["tail", "a", "b"], ["send", "ses_a"],
        ["stop"], ["publish"], ["publish", "builds", "--patience", "0"], ["send", "ses_a", "hello", "--patience", "long"],
        ["stop", "ses_a", "--patience", "1"], ["url", "surplus"], ["rebuild", "--frob"], ["sessions", "surplus"],
        ["serve", "--data", ""], ["serve", "--data="], ["serve", "--token-file", ""], ["serve", "--directory", ""],
        ["serve", "--log-level", ""],
        ["serve", "--public-url", ""], ["serve", "--data", "--listen", "127.0.0.1:0"], ["serve", "--data", "a", "--data", "b"],
        ["serve", "--allow-public", "--allow-public"], ["serve", "--loops", ""], ["serve", "--loops", "-1"],
        ["demo", "--log-level", "loud"],
        ["demo", "--listen", "nowhere"], ["demo", "--data", ""], ["tail", ""], ["tail", "builds", "--after", ""],
        ["tail", "builds", "--json", "--json"],
        ["send", "", "hello"], ["send", "new", ""], ["send", "new", "hello", "--directory", ""], ["publish", ""], ["stop", ""],
        ["url", "--data", ""],
        ["rebuild", "--data="], ["sessions", "--server", ""], ["sessions", "--server", "--json"], ["sessions", "--token-file", ""],
        ["scripted-opencode", "--rate", "fast"], ["scripted-opencode", "--rate", "0"], ["scripted-opencode", "--rate", "-5"],
        ["scripted-opencode", "--rate", ""], ["scripted-opencode", "--port", "70000"], ["scripted-opencode", "--port", "x"],
        ["scripted-opencode", "--port", "-1"], ["scripted-opencode", "--generation", "3"], ["scripted-opencode", "--generation", ""],
        ["scripted-opencode", "--service", "--service"], ["scripted-opencode", "surplus"],
    ])
    func `refuses a wrong command line with exit 2`(_ words: [String]) throws {
        let outcome = try Reprise.run(words, in: TestFolder())
        #expect(outcome.status == .exited(2))
        #expect(outcome.output == [])
        #expect(outcome.errors.hasPrefix("reprise: "))
        #expect(outcome.errors.contains("usage") || outcome.errors.contains("--help"))
    }

    @Test(arguments: [[], ["serve"], ["demo"], ["sessions"], ["tail"], ["send"], ["stop"], ["publish"], ["url"], ["rebuild"]])
    func `says what it is with --help, and which with --version`(_ words: [String]) throws {
        let folder = try TestFolder()
        let help = try Reprise.run(words + ["--help"], in: folder)
        #expect(help.status == .exited(0))
        #expect(help.output.contains { $0.hasPrefix("usage: reprise") })
        #expect(help.errors == "")
        let version = try Reprise.run(words + ["--version"], in: folder)
        #expect(version.status == .exited(0))
        #expect(version.output.count == 1)
        #expect(version.output.first?.hasPrefix("reprise ") == true)
        // It only told: nothing was made.
        #expect(!folder.has("home/.local"))
    }

    @Test func `lists every subcommand`() throws {
        let overview = try Reprise.run(["--help"], in: TestFolder()).output
        for name in Self.subcommands { #expect(overview.contains { $0.hasPrefix("  \(name) ") }) }
    }

    @Test func `refuses a server's URL that is none with exit 2`() throws {
        let outcome = try Reprise.run(
            ["sessions", "--server", "nonsense"], in: TestFolder(), environment: ["REPRISE_TOKEN": "abcdefghijklmnopqrstuv"])
        #expect(outcome.status == .exited(2))
        #expect(outcome.errors.contains("--server wants http://HOST:PORT"))
    }

    @Test(arguments: [["tail", "--", "--frob"], ["send", "ses_a", "--", "--help"], ["send", "ses_a", "--", "-h"], ["tail", "--", "--version"]])
    func `tells a value after the double dash from a flag`(_ words: [String]) throws {
        let outcome = try Reprise.run(words, in: TestFolder())
        #expect(outcome.status == .exited(1), "no server is there for it")
        #expect(outcome.errors.contains("no server is running"))
    }
}
