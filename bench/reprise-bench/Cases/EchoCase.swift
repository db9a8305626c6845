// A WebSocket echo server, for suites that judge servers from outside. It prints its port and ends when its input ends, so that it never
// outlives whoever started it.

import Foundation
import Reactor

enum EchoCase: Case {
    static let name = "echo"
    static let summary = "a WebSocket echo server, for conformance suites"
    static let usage = """
        usage: reprise-bench echo [--port N]

        Sends back each text and binary message, up to 64 MiB. Prints the port that it listens on (N, or a free one) and ends when its
        standard input ends.

          reprise-bench echo --port 9001 &
          kosoku -m fuzzingclient -x '12.*' -x '13.*' -o report 127.0.0.1:9001
        """
    static let flags: [Flag] = [.number("--port")]

    static func run(_ flags: Flags) throws {
        guard let port = UInt16(exactly: flags.number("--port", default: 0)), let address = SocketAddress(host: "127.0.0.1", port: port)
        else { throw UsageError("--port is at most 65535") }
        let outcomes = BlockingQueue<Result<UInt16, SystemError>>()
        let thread = EventLoop.spawn(name: "echo") { loop in
            outcomes.post(always: Result { () throws(SystemError) in try listen(on: loop, address) })
        }
        guard let outcome = outcomes.take() else { return }
        say("\(try outcome.get())")
        while readLine() != nil {}
        thread.stop()
        thread.join()
    }

    private static func listen(on loop: EventLoop, _ address: SocketAddress) throws(SystemError) -> UInt16 {
        try Listener(loop: loop, address: address) { descriptor in
            _ = EchoHandshake(Connection(loop: loop, descriptor: descriptor))
        }.boundAddress.port
    }
}
