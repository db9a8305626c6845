// What the subcommands are given reaches the server as it is: bytes of standard input, and operands as one segment of the path.

import Foundation
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct OperandTests {
    private func publish(_ bytes: [UInt8], to topic: String = "builds", on relay: RelayProcess) throws -> Reprise.Outcome {
        let file = relay.folder["lines"]
        try Data(bytes).write(to: URL(filePath: file))
        return try Reprise.run(["publish", topic, "--data", relay.data], in: relay.folder, input: file)
    }

    @Test func `publish takes each line, with any end and none`() throws {
        let relay = try RelayProcess()
        #expect(try publish(Array("1\r\n\n \t\n\"é\"\n3".utf8), on: relay).status == .exited(0))
        let payloads = try relay.log("builds").map {
            try JSON.parse(Array($0.utf8))["event"].map { String(decoding: $0.raw, as: UTF8.self) }
        }
        #expect(payloads == ["1", "\"é\"", "3"])
    }

    @Test func `publish says which line of the input is refused, and what is published`() throws {
        let relay = try RelayProcess()
        let first = try publish(Array("1\n\n\n{\n".utf8), on: relay)
        #expect(first.status == .exited(1) && first.errors.contains("line 4: "), "\(first.errors)")
        let lines = (1...501).map { "\($0)\n" }.joined() + "\n{\n"
        let second = try publish(Array(lines.utf8), on: relay)
        #expect(second.errors.contains("line 3: "), "\(second.errors)")
        #expect(second.errors.contains("its line 1 is line 501 of the input; 500 events before it are published"))
    }

    @Test func `publish holds no line that is longer than an event, and what stands before it is published`() throws {
        let relay = try RelayProcess()
        let endless = Array("1\n2\n\"".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20)
        let outcome = try publish(endless, on: relay)
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors.contains("line 3 of standard input is longer than"), "\(outcome.errors)")
        #expect(try relay.log("builds").count == 2)
    }

    @Test func `publish changes no bytes, and a line that is not UTF-8 is refused`() throws {
        let relay = try RelayProcess()
        #expect(try publish(Array("1\n".utf8), on: relay).status == .exited(0))
        let outcome = try publish(Array("2\n\"".utf8) + [0xC3, 0x28] + Array("\"\n".utf8), on: relay)
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors.contains("UTF-8"), "\(outcome.errors)")
        #expect(try relay.log("builds").count == 1, "a batch is stored whole or not at all")
    }

    @Test func `send makes no session for an empty prompt`() throws {
        let relay = try RelayProcess()
        let file = relay.folder["prompt"]
        try Data(" \n".utf8).write(to: URL(filePath: file))
        let outcome = try Reprise.run(["send", "new", "-", "--data", relay.data], in: relay.folder, input: file)
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors.contains("the prompt is empty"), "\(outcome.errors)")
    }

    @Test func `send refuses a prompt that is not UTF-8`() throws {
        let relay = try RelayProcess()
        let file = relay.folder["prompt"]
        try Data([0x68, 0xFF]).write(to: URL(filePath: file))
        let outcome = try Reprise.run(["send", "ses_a", "-", "--data", relay.data], in: relay.folder, input: file)
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors.contains("standard input is not UTF-8"))
    }

    @Test func `an operand is one segment of the path, whatever is in it`() throws {
        let relay = try RelayProcess()
        #expect(try publish(Array("1\n".utf8), on: relay).status == .exited(0))
        let published = try publish(Array("2\n".utf8), to: "builds/events?x=", on: relay)
        #expect(published.status == .exited(1))
        #expect(try relay.log("builds").count == 1, "nothing came to another topic")
        let followed = try Reprise.run(["tail", "builds/websocket?after=earliest&x=", "--data", relay.data], in: relay.folder)
        #expect(followed.status == .exited(1))
        #expect(followed.output == [])
    }
}
