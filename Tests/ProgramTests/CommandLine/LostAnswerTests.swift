// What a person is told when a command's answer is lost: that it may have been taken, and where to look before it is said again.

import Foundation
import TestSupport
import Testing

@Suite(.ownThread) struct LostAnswerTests {
    private static let token = ["REPRISE_TOKEN": "abcdefghijklmnopqrstuv"]

    @Test func `publish says what is published, and that its last batch may be`() throws {
        let relay = try RelayProcess()
        // Requests arrive, each answer is cut behind its first byte.
        let way = try CuttingProxy(to: relay.port, seed: Seed(1), bytes: 1...1)
        let file = relay.folder["lines"]
        try Data("1\n2\n".utf8).write(to: URL(filePath: file))
        let server = ["--server", "http://127.0.0.1:\(way.port)", "--data", relay.data]
        let outcome = try Reprise.run(["publish", "builds", "--patience", "1"] + server, in: relay.folder, input: file)
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors.contains("0 events before it are published, and its own 2 may be"), "\(outcome.errors)")
        #expect(try relay.log("builds").count == 2, "each try had the same key")
    }

    @Test func `publish to nobody says what is published, and that a server is missing`() throws {
        let folder = try TestFolder()
        let file = try folder.write("1\n", to: "lines")
        let server = ["--server", "http://127.0.0.1:\(try FreePort.find())", "--patience", "1"]
        let outcome = try Reprise.run(["publish", "builds"] + server, in: folder, environment: Self.token, input: file)
        #expect(outcome.errors.contains("0 events before it are published\n  is the server running?"), "\(outcome.errors)")
        #expect(!outcome.errors.contains("may be"))
    }

    @Test func `send says that the prompt may have been taken, and is patient with a server that is silent`() throws {
        let (folder, port) = (try TestFolder(), try FreePort.find())
        let silent = try SilentListener(port: port)
        let words = ["send", "ses_a", "hello", "--server", "http://127.0.0.1:\(port)", "--patience", "3"]
        let outcome = try Reprise.run(words, in: folder, environment: Self.token)
        #expect(outcome.status == .exited(1))
        #expect(outcome.output == [])
        #expect(outcome.errors.contains("trying again"), "\(outcome.errors)")
        #expect(outcome.errors.contains("may have been taken all the same: look before you say it again, with reprise tail ses_a"))
        withExtendedLifetime(silent) {}
    }

    @Test func `send names the session that it has made for a prompt that is refused`() throws {
        let server = try FakeOpenCode([
            "/v1/sessions": .json(#"{"id":"ses_new"}"#),
            "/v1/sessions/ses_new/chat": FakeOpenCode.Answer(status: 409, body: #"{"code":"session_busy","title":"The session is busy"}"#),
        ])
        let outcome = try Reprise.run(["send", "new", "hello", "--server", server.url], in: TestFolder(), environment: Self.token)
        #expect(outcome.status == .exited(1))
        #expect(outcome.output == [])
        #expect(outcome.errors.contains("the new session is ses_new"), "\(outcome.errors)")
        #expect(outcome.errors.contains("The session is busy"))
    }
}
