// Renames a session many times, beside a reader that reads nothing: OpenCode cuts such a reader off, and under a flood all of them.

import Foundation
import Reactor
import TestSupport
import Wire

struct RenameFlood {
    private let fixture: EqualityFixture
    private let session: String
    private let clients: Int
    private let renames: Int

    init(_ fixture: EqualityFixture, _ session: String, clients: Int) {
        (self.fixture, self.session, self.clients) = (fixture, session, clients)
        renames = 1500 / clients
    }

    func run() throws {
        var headers: HTTPHeaders = [:]
        headers.add(fixture.opencode.authorization.0, fixture.opencode.authorization.1)
        let stopped = try StoppedReader(port: fixture.opencode.port, target: "/api/event", headers: headers)
        let done = BlockingQueue<Bool>()
        for client in 0..<clients {
            Thread.detachNewThread { [self] in
                let isWell = (0..<renames).allSatisfy { number in
                    let title = "\(client) \(number) " + String(repeating: "x", count: 2000)
                    return (try? fixture.opencode.ask("PATCH", "/api/session/\(session)", body: #"{"title":"\#(title)"}"#).status) == 204
                }
                done.post(always: isWell)
            }
        }
        for _ in 0..<clients {
            guard done.takeAll(within: .seconds(120))?.first == true else { throw OpenCodeStreamReader.Missing(what: "a rename") }
        }
        withExtendedLifetime(stopped) {}
    }
}
