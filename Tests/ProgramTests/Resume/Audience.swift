// Everybody who reads a topic through a way that breaks: a reader in each clothes, the Swift client, the JavaScript client. In the end each
// must have what the log has, byte for byte, and each of its connections must have begun `exact`.

import RepriseClient
import Testing

final class Audience {
    let readers: [ResumingReader]
    let proxy: CuttingProxy
    private let swift: SwiftFollower
    private let node: NodeFollower?

    /// Ways break after as few bytes as the head of an answer has, and after as many as let a whole message of a replay (64 KiB) through.
    init(of topic: String, _ relay: RelayProcess, seed: inout Seed, bytes: ClosedRange<Int> = 100...300_000) throws {
        let proxy = try CuttingProxy(to: relay.port, seed: seed.fork(), bytes: bytes)
        self.proxy = proxy
        let path = topic.hasPrefix("ses_") ? "/v1/sessions/\(topic)" : "/v1/topics/\(topic)"
        readers = Clothes.allCases.map { ResumingReader($0, port: proxy.port, path: path, token: relay.token, seed: seed.fork()) }
        let url = "http://127.0.0.1:\(proxy.port)"
        var options = RepriseClient.Options()
        (options.backoffBase, options.backoffCap) = (.milliseconds(10), .milliseconds(200))
        swift = SwiftFollower(try RepriseClient(url: url, token: relay.token, options: options), topic: topic, thread: OwnThread())
        node = try NodeFollower(url: url, token: relay.token, topic: topic, environment: relay.folder.environment)
    }

    /// The one whose news the play goes by.
    var first: ResumingReader { readers[0] }

    func check(against log: [String]) throws {
        let goal = log.last.map { String($0.dropFirst(7).prefix(21)) } ?? ""
        for reader in readers { reader.finish(at: goal) }
        for reader in readers {
            #expect(reader.waitUntilFinished(), "\(reader.name) at \(reader.result.position ?? "nothing")")
            let heard = reader.result
            #expect(Self.difference(heard.lines, log) == nil, "\(reader.name)")
            #expect(heard.faults == [], "\(reader.name)")
            #expect(Set(heard.starts) == ["exact"], "\(reader.name)")
        }
        let swift = swift.wait(for: log.count)
        #expect(Self.difference(swift.lines, log) == nil, "the Swift client")
        #expect(swift.faults == [], "the Swift client")
        guard let node = try node?.wait(for: log.count) else { return }
        #expect(Self.difference(node.lines, log) == nil, "the JavaScript client")
        #expect(node.faults == "", "the JavaScript client")
    }

    /// Where two lists of lines part.
    static func difference(_ heard: [String], _ log: [String]) -> String? {
        if heard == log { return nil }
        let place = zip(heard, log).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(heard.count, log.count)
        func line(_ lines: [String]) -> String { place < lines.count ? String(lines[place].prefix(200)) : "the end\n" }
        return "line \(place) of \(heard.count) and \(log.count): heard \(line(heard))    logged \(line(log))"
    }
}
