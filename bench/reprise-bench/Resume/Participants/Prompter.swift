// Somebody who prompts one session, one prompt after the other, each sent again under its id until it is answered; who allows what the agent
// asks for. On a thread of its own.

import Foundation
import Reactor
import RepriseClient
import Synchronization
import TestSupport
import Wire

final class Prompter: Sendable {
    struct Prompt: Sendable {
        let id: String
        let mark: String
    }

    struct Record: Sendable {
        var acknowledged: [Prompt] = []
        var faults: [String] = []
        var isStopping = false
    }

    private let watch: TopicWatch
    private let client: RepriseClient
    private let way: CuttingProxy
    private let number: Int
    private let texts: [String]
    private let thread = OwnThread()
    private let done = BlockingQueue<Bool>()
    // reads: lock; writes: lock
    private let record = Mutex(Record())

    init(_ number: Int, _ watch: TopicWatch, _ relay: RelayProcess, texts: [String], seed: inout Seed) throws {
        (self.number, self.watch, self.texts) = (number, watch, texts)
        way = try CampaignClients.lossyProxy(relay, &seed)
        client = try CampaignClients.client(url: "http://127.0.0.1:\(way.port)", token: relay.token)
        Thread.detachNewThread { [self, fork = seed.fork()] in
            play(fork)
            client.close()
            done.close()
        }
    }

    /// After the prompt that runs.
    func stop() { record.withLock { $0.isStopping = true } }

    /// What it did; it must have been told to stop.
    func finish() -> Record {
        if done.takeAll(within: .seconds(240)) != nil { fault("it did not come to its end: \(watch.now)") }
        return record.withLock { $0 }
    }

    private func fault(_ what: String) { record.withLock { $0.faults.append("prompter of \(watch.topic): \(what)") } }

    private func play(_ start: Seed) {
        var seed = start
        var count = 0
        while !record.withLock({ $0.isStopping }) {
            count += 1
            let prompt = Prompt(id: "p\(number)-\(count)", mark: PromptMark.make(session: number, number: count))
            let text = texts[Int.random(in: 0..<texts.count, using: &seed)]
            guard send(prompt, "\(text) please \(prompt.mark)") else { return }
            waitForEnd(of: prompt)
        }
    }

    /// False: it was refused for good.
    private func send(_ prompt: Prompt, _ text: String) -> Bool {
        let end = ContinuousClock.now + .seconds(200)
        while ContinuousClock.now < end {
            do {
                _ = try thread.start { [client, watch] in try await client.prompt(session: watch.topic, text, id: prompt.id) }.wait()
                record.withLock { $0.acknowledged.append(prompt) }
                return true
            } catch RepriseError.problem(_, let code, _) where ["session_busy", "upstream_unavailable"].contains(code) {
                allowWhatIsAsked()
                usleep(200_000)
            } catch RepriseError.unreachable {
            } catch {
                fault("\(prompt.id): \(error)")
                return false
            }
        }
        fault("\(prompt.id) was never answered")
        return false
    }

    /// It was heard, and the session is at rest.
    private func waitForEnd(of prompt: Prompt) {
        let end = ContinuousClock.now + .seconds(200)
        var restSince: ContinuousClock.Instant?
        while ContinuousClock.now < end {
            let isOver = watch.wait(within: .seconds(1)) { state in
                !state.cards.isEmpty ? false : state.isIdle && state.isClosed(prompt.mark) ? true : nil
            }
            if isOver == true { return }
            allowWhatIsAsked()
            // A turn that nobody heard is closed by nobody; but a message is heard before its turn.
            let state = watch.now
            if isOver == nil, state.marks[prompt.mark] != nil, state.isIdle {
                let since = restSince ?? .now
                restSince = since
                if ContinuousClock.now - since > .seconds(8) { return }
            } else {
                restSince = nil
            }
        }
        fault("\(prompt.id) did not come to its end: \(stateOfCommand(prompt)), \(watch.now)")
    }

    /// What the relay says of it: an accepted prompt may have been refused since.
    private func stateOfCommand(_ prompt: Prompt) -> String {
        let answer = try? thread.start { [client, watch] in try await client.get("/v1/sessions/\(watch.topic)/commands/\(prompt.id)") }
            .wait()
        return answer.map { String(decoding: $0, as: UTF8.self) } ?? "its state is not told"
    }

    private func allowWhatIsAsked() {
        for card in watch.now.cards {
            let path = "/v1/sessions/\(watch.topic)/permissions/\(card)"
            let body = Array(#"{"id":"allow-\#(card.suffix(40))","reply":"once"}"#.utf8)
            // Refused: it was withdrawn meanwhile, which the events tell.
            _ = try? thread.start { [client] in try await client.command(path, body: body) }.wait()
        }
    }
}
